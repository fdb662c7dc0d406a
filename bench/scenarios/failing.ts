import { arrivalsOf } from '../arrivals.ts';
import type { GatewayName } from '../children.ts';
import { fire } from '../open-loop.ts';
import { lateness, type Scenario } from '../scenario.ts';
import { withStand } from '../stand.ts';
import type { Behaviour } from '../upstream.ts';

const concurrency = 8;
// A line that never fills: who is refused makes no call, and would flatter the figure.
const settings = { UPSTREAM_CONCURRENCY: String(concurrency), UPSTREAM_QUEUE: '10000' };
const load = { name: 'caller', perSecond: 1050, fromMs: 0, untilMs: 10_000, callers: 100 };

export const failing: Scenario = {
  title: 'A failing upstream, 10,000 requests each',
  measure: async (name) => {
    // A 429 says that the upstream is well, so no circuit opens: what holds the retries back is their budget alone.
    const busy = await count(name, { faultShare: 1, fault: '429' });
    const ill = await count(name, { faultShare: 1, fault: '503' });
    const shaky = await count(name, { faultShare: 0.01, fault: 'reset' });
    return [
      { what: 'calls a request, all fail (429)', value: busy.calls, unit: 'calls', promise: { atMost: 1.1 } },
      { what: 'calls a request, all fail (503)', value: ill.calls, unit: 'calls', promise: { atMost: 1.1 } },
      {
        what: 'calls a request, 1 % fail (reset)',
        value: shaky.calls,
        unit: 'calls',
        promise: { atMost: 1.02 },
      },
      lateness(Math.max(busy.lagMs, ill.lagMs, shaky.lagMs)),
    ];
  },
};

interface Count {
  /** Calls that reached the upstream for each request, without those that the retry budget holds at first. */
  readonly calls: number;
  readonly lagMs: number;
}

function count(name: GatewayName, faults: Pick<Behaviour, 'faultShare' | 'fault'>): Promise<Count> {
  return withStand(name, { slots: 64, workMs: 1, ...faults }, settings, async ({ upstream, gateway }) => {
    const { shots, lagMs } = await fire(gateway.url, arrivalsOf([load]));
    const calls = (await upstream.report()).length;
    return { calls: (calls - concurrency) / shots.length, lagMs };
  });
}
