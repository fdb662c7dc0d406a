import { arrivalsOf } from '../arrivals.ts';
import { fire } from '../open-loop.ts';
import type { Scenario } from '../scenario.ts';
import { withStand } from '../stand.ts';

const perRound = 9000;
const untilMs = 6000;
// Nearly every request comes with a token of its own: what is kept by caller must go again.
const callers = 1_000_000;
const staying = { name: 'stays', perSecond: (perRound * 0.95) / 6, fromMs: 0, untilMs, callers };
const leaving = {
  name: 'leaves',
  perSecond: (perRound * 0.05) / 6,
  fromMs: 0,
  untilMs,
  callers,
  leavesAfterMs: 3,
};
const stalling = { slots: 64, workMs: 5, faultShare: 0.05, fault: 'stall' } as const;
const settings = { UPSTREAM_TIMEOUT_MS: '200' };

/** Fill what is bounded, and let the engine compile what is hot. */
const warmUps = 2;

/** The heap after each of so many rounds against the heap after the warm-up. */
export const soak = (rounds: number): Scenario => ({
  title: `${(rounds * perRound).toLocaleString('en')} requests, a tenth of them left or timed out`,
  measure: (name) =>
    withStand(name, stalling, settings, async ({ gateway }) => {
      const load = arrivalsOf([staying, leaving]);
      const heaps: number[] = [];
      for (let round = 0; round < warmUps + rounds; round += 1) {
        await fire(gateway.url, load);
        heaps.push(await gateway.ask('heap'));
      }
      const [warm = NaN, ...later] = heaps.slice(warmUps - 1);
      const last = later.at(-1) ?? NaN;
      const drifts = later.map((bytes) => Math.abs(bytes - warm));
      return [
        {
          what: 'heap after GC, furthest from the warm',
          value: (Math.max(...drifts) / warm) * 100,
          unit: '%',
          promise: { atMost: 5 },
        },
        { what: 'growth a request', value: (last - warm) / (rounds * load.length), unit: 'bytes' },
      ];
    }),
});
