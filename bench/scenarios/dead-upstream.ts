import { setTimeout as sleep } from 'node:timers/promises';
import { arrivalsOf } from '../arrivals.ts';
import type { GatewayName, Upstream } from '../children.ts';
import { fire, medianLatencyMs, type Shot } from '../open-loop.ts';
import { healthyFrom } from '../recovery.ts';
import { lateness, type Scenario } from '../scenario.ts';
import { withStand } from '../stand.ts';
import { narrow, narrowSettings } from './narrow.ts';

const load = { name: 'caller', perSecond: 100, fromMs: 0, untilMs: 16_000, callers: 50 };
const dies = { afterMs: 3000, staysDeadMs: 7000 };

/** Twenty requests long: when no call comes in for as long, the gateway has stopped calling. */
const silenceMs = 200;
const normalMs = 160;

export const deadUpstream: Scenario = {
  title: 'An upstream that resets every call for 7 s (100/s)',
  measure: async (name) => {
    const { shots, calls, diedMs, revivedMs, lagMs } = await observe(name);
    const openedMs = silentFrom(calls, diedMs, revivedMs);
    const whileOpen = { fromMs: Math.min(openedMs, revivedMs - 2000), untilMs: revivedMs };
    const refused = shots.filter((shot) => isWithin(shot.atMs, whileOpen));
    const reached = calls.filter((atMs) => isWithin(atMs, whileOpen));
    return [
      {
        what: 'until it stops calling',
        value: (openedMs - diedMs) / 1000,
        unit: 's',
        promise: { atMost: 5 },
      },
      {
        what: 'calls a second from then on',
        value: (reached.length * 1000) / (whileOpen.untilMs - whileOpen.fromMs),
        unit: '/s',
      },
      { what: 'until told of a refusal (median)', value: medianLatencyMs(refused), unit: 'ms' },
      {
        what: 'until healthy after recovery',
        value: (healthyFrom(shots, revivedMs, normalMs) - revivedMs) / 1000,
        unit: 's',
        promise: { atMost: 2 },
      },
      lateness(lagMs),
    ];
  },
};

interface Observed {
  readonly shots: readonly Shot[];
  /** When calls reached the upstream; like all moments here in milliseconds of the load's time. */
  readonly calls: readonly number[];
  readonly diedMs: number;
  readonly revivedMs: number;
  readonly lagMs: number;
}

function observe(name: GatewayName): Promise<Observed> {
  return withStand(name, narrow, narrowSettings, async ({ upstream, gateway }) => {
    const firing = fire(gateway.url, arrivalsOf([load]));
    const [diedAt, revivedAt] = await killAndRevive(upstream);
    const { shots, startedAt, lagMs } = await firing;
    const calls = (await upstream.report()).map((at) => at - startedAt);
    return { shots, calls, diedMs: diedAt - startedAt, revivedMs: revivedAt - startedAt, lagMs };
  });
}

async function killAndRevive(upstream: Upstream): Promise<[number, number]> {
  await sleep(dies.afterMs);
  await upstream.behave({ ...narrow, faultShare: 1, fault: 'reset' });
  const diedAt = performance.timeOrigin + performance.now();
  await sleep(dies.staysDeadMs);
  await upstream.behave(narrow);
  return [diedAt, performance.timeOrigin + performance.now()];
}

/** When the first silence begins; Infinity where there is none. */
function silentFrom(calls: readonly number[], fromMs: number, untilMs: number): number {
  const during = calls.filter((atMs) => isWithin(atMs, { fromMs, untilMs }));
  const last = during.find((atMs, index) => (during[index + 1] ?? untilMs) - atMs >= silenceMs);
  return last ?? (during.length === 0 ? fromMs : Infinity);
}

function isWithin(
  ms: number,
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
): boolean {
  return ms >= fromMs && ms < untilMs;
}
