import { setTimeout as sleep } from 'node:timers/promises';
import { arrivalsOf, patienceMs } from '../arrivals.ts';
import type { Gateway } from '../children.ts';
import { fire, medianLatencyMs, type Shot } from '../open-loop.ts';
import { healthyFrom } from '../recovery.ts';
import { lateness, type Scenario } from '../scenario.ts';
import { withStand } from '../stand.ts';
import { narrow, narrowSettings } from './narrow.ts';

const callers = 1000;
const warmUp = { name: 'warm', perSecond: 75, fromMs: 0, untilMs: 2000, callers };
// A fifth above what the upstream can do at best, so that no slot is idle by chance: this is the peak.
const peak = { name: 'peak', perSecond: 180, fromMs: 2000, untilMs: 8000, callers };
const flood = { name: 'flood', perSecond: 1500, fromMs: 8000, untilMs: 20_000, callers };
const after = { name: 'after', perSecond: 75, fromMs: 20_000, untilMs: 28_000, callers };

/** Four times the work of one call: at half load nobody has reason to wait longer. */
const normalMs = 160;

export const overload: Scenario = {
  title: 'Ten times the capacity (6 slots × 40 ms, 150/s at best)',
  measure: (name) =>
    withStand(name, narrow, narrowSettings, async ({ gateway }) => {
      const firing = fire(gateway.url, arrivalsOf([warmUp, peak, flood, after]));
      const busyPerCent = await busyDuringFlood(gateway);
      const { shots, lagMs } = await firing;
      const peakPerSecond = goodput(shots, peak.fromMs + 1000, peak.untilMs);
      const floodPerSecond = goodput(shots, flood.fromMs, flood.untilMs);
      // Until the callers' patience is over for the first time, a gateway that only piles up still looks well.
      const latePerSecond = goodput(shots, flood.fromMs + patienceMs, flood.untilMs);
      const refused = shots.filter(({ outcome, atMs }) => outcome !== 'data' && isWithin(atMs, flood));
      return [
        { what: 'goodput at the peak', value: peakPerSecond, unit: '/s' },
        {
          what: 'goodput in the flood, of the peak',
          value: (floodPerSecond / peakPerSecond) * 100,
          unit: '%',
          promise: { atLeast: 90 },
        },
        {
          what: 'the same after its first 5 s',
          value: (latePerSecond / peakPerSecond) * 100,
          unit: '%',
          promise: { atLeast: 90 },
        },
        {
          what: 'until told of a refusal (median)',
          value: medianLatencyMs(refused),
          unit: 'ms',
          promise: { atMost: 5 },
        },
        {
          what: 'until back to normal',
          value: (healthyFrom(shots, after.fromMs, normalMs) - after.fromMs) / 1000,
          unit: 's',
          promise: { atMost: 2 },
        },
        { what: 'its event loop was busy in the flood', value: busyPerCent, unit: '%' },
        lateness(lagMs),
      ];
    }),
};

/** Near 100 %, what failed is not the way to the upstream: the gateway itself had no time left. */
async function busyDuringFlood(gateway: Gateway): Promise<number> {
  await sleep(flood.fromMs);
  await gateway.ask('watch');
  await sleep(flood.untilMs - flood.fromMs);
  return await gateway.ask('busy');
}

/** Answers with data a second, counted when they come. */
function goodput(shots: readonly Shot[], fromMs: number, untilMs: number): number {
  const good = shots.filter(
    ({ outcome, atMs, latencyMs }) => outcome === 'data' && isWithin(atMs + latencyMs, { fromMs, untilMs }),
  );
  return (good.length * 1000) / (untilMs - fromMs);
}

function isWithin(
  ms: number,
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
): boolean {
  return ms >= fromMs && ms < untilMs;
}
