import { arrivalsOf } from '../arrivals.ts';
import { fire, type Shot } from '../open-loop.ts';
import { lateness, type Scenario } from '../scenario.ts';
import { withStand } from '../stand.ts';
import { narrow, narrowSettings } from './narrow.ts';

// Two requests a second each: two thirds of what the upstream can do, and less than each one's fair share of it.
const small = { name: 'small', perSecond: 98, fromMs: 0, untilMs: 12_000, callers: 49 };
const greedy = { name: 'greedy', perSecond: 1000, fromMs: 2000, untilMs: 12_000, callers: 1 };

export const greed: Scenario = {
  title: 'One greedy caller (1,000/s) beside 49 small ones (2/s each)',
  measure: (name) =>
    withStand(name, narrow, narrowSettings, async ({ gateway }) => {
      const { shots, lagMs } = await fire(gateway.url, arrivalsOf([small, greedy]));
      const beside = shots.filter(({ atMs }) => atMs >= greedy.fromMs);
      return [
        {
          what: 'small callers served',
          value: servedPerCent(beside.filter(({ token }) => token.startsWith('small'))),
          unit: '%',
          promise: { atLeast: 95 },
        },
        {
          what: 'greedy caller served',
          value: servedPerCent(beside.filter(({ token }) => token.startsWith('greedy'))),
          unit: '%',
        },
        lateness(lagMs),
      ];
    }),
};

function servedPerCent(shots: readonly Shot[]): number {
  return (shots.filter(({ outcome }) => outcome === 'data').length / shots.length) * 100;
}
