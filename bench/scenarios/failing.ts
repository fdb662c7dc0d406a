import { arrivalsOf } from '../arrivals.ts';
import type { GatewayName } from '../children.ts';
import { fire } from '../open-loop.ts';
import type { Figure, Scenario } from '../scenario.ts';
import { withStand } from '../stand.ts';
import type { Behaviour } from '../upstream.ts';

const concurrency = 8;
// A line that never fills: who is refused makes no call, and would flatter the figure.
const settings = { UPSTREAM_CONCURRENCY: String(concurrency), UPSTREAM_QUEUE: '10000' };
const load = { name: 'caller', perSecond: 1050, fromMs: 0, untilMs: 10_000, callers: 100 };

export const failing: Scenario = {
  title: 'A failing upstream, 10,000 requests each',
  measure: async (name) => [
    // A 429 says that the upstream is well, so no circuit opens: what holds the retries back is their budget alone.
    await callsARequest(name, 'all fail (429)', { faultShare: 1, fault: '429' }, { atMost: 1.1 }),
    await callsARequest(name, 'all fail (503)', { faultShare: 1, fault: '503' }, { atMost: 1.1 }),
    await callsARequest(name, '1 % fail (reset)', { faultShare: 0.01, fault: 'reset' }, { atMost: 1.02 }),
  ],
};

/** Calls that reached the upstream for each request, without those that the retry budget has from its beginning. */
function callsARequest(
  name: GatewayName,
  case_: string,
  faults: Pick<Behaviour, 'faultShare' | 'fault'>,
  promise: Figure['promise'] & {},
): Promise<Figure> {
  return withStand(name, { slots: 64, workMs: 1, ...faults }, settings, async ({ upstream, gateway }) => {
    const { shots } = await fire(gateway.url, arrivalsOf([load]));
    const calls = (await upstream.report()).length;
    return {
      what: `calls a request, ${case_}`,
      value: (calls - concurrency) / shots.length,
      unit: 'calls',
      promise,
    };
  });
}
