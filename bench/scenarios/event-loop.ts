import { arrivalsOf } from '../arrivals.ts';
import { fire, saturate } from '../open-loop.ts';
import { lateness, type Scenario } from '../scenario.ts';
import { withStand } from '../stand.ts';

/** Wide enough that the gateway itself is what limits. */
const wide = { slots: 1000, workMs: 5, faultShare: 0, fault: '503' } as const;
const settings = { UPSTREAM_CONCURRENCY: '256', UPSTREAM_QUEUE: '1000' };

export const eventLoop: Scenario = {
  title: 'The event loop at 80 % of what the gateway can do',
  measure: (name) =>
    withStand(name, wide, settings, async ({ gateway }) => {
      await saturate(gateway.url, 64, 2000);
      const mostPerSecond = await saturate(gateway.url, 64, 3000);
      const perSecond = mostPerSecond * 0.8;
      await gateway.ask('watch');
      const load = { name: 'caller', perSecond, fromMs: 0, untilMs: 6000, callers: 1000 };
      const { lagMs } = await fire(gateway.url, arrivalsOf([load]));
      return [
        { what: 'requests a second at most', value: mostPerSecond, unit: '/s' },
        {
          what: 'event-loop delay (p99)',
          value: await gateway.ask('delay'),
          unit: 'ms',
          promise: { atMost: 20 },
        },
        { what: 'its loop was busy', value: await gateway.ask('busy'), unit: '%' },
        lateness(lagMs),
      ];
    }),
};
