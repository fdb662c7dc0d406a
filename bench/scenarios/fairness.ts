import { arrivalsOf, type Stretch } from '../arrivals.ts';
import type { GatewayName } from '../children.ts';
import { fire, type Shot } from '../open-loop.ts';
import { percentile } from '../percentile.ts';
import { type Figure, lateness, type Scenario } from '../scenario.ts';
import { withStand } from '../stand.ts';
import type { Behaviour } from '../upstream.ts';
import { narrow, narrowSettings } from './narrow.ts';

const small = { name: 'small', perSecond: 49, callers: 49, fromMs: 0, untilMs: 16_000 };
/** From then on somebody else asks, too. */
const fromMs = 4000;
/** How long others may be slower than promised when it begins. */
const graceMs = 1000;

interface Trouble {
  readonly what: string;
  readonly other: Pick<Stretch, 'name' | 'perSecond' | 'callers'>;
  readonly upstream: Behaviour;
  readonly settings: Readonly<Record<string, string>>;
}

// With the settings that a gateway has by itself, before an upstream with room for twice the small callers' calls.
const wide = { upstream: { ...narrow, slots: 64, workMs: 20 }, settings: {} };
const troubles: readonly Trouble[] = [
  { what: 'a caller whose conferences hang', other: { name: 'hanging', perSecond: 100, callers: 1 }, ...wide },
  { what: 'one with HTTP 500', other: { name: 'failing', perSecond: 500, callers: 1 }, ...wide },
  {
    what: 'made-up tokens',
    other: { name: 'made-up', perSecond: 1500, callers: 1_000_000 },
    upstream: narrow,
    settings: narrowSettings,
  },
];

export const fairness: Scenario = {
  title: '49 callers (1/s each) beside one who hangs, one who fails, and 1,500 made-up tokens a second',
  measure: async (name) => {
    const figures: Figure[] = [];
    for (const trouble of troubles) figures.push(...(await measureBeside(name, trouble)));
    return figures;
  },
};

function measureBeside(name: GatewayName, { what, other, upstream, settings }: Trouble): Promise<Figure[]> {
  return withStand(name, upstream, settings, async ({ gateway }) => {
    const beside = { ...other, fromMs, untilMs: small.untilMs };
    const { shots, lagMs } = await fire(gateway.url, arrivalsOf([small, beside]));
    const smalls = shots.filter(({ token }) => token.startsWith(small.name));
    const alone = smalls.filter(({ atMs }) => atMs < fromMs);
    const together = smalls.filter(({ atMs }) => atMs >= fromMs);
    const later = together.filter(({ atMs }) => atMs >= fromMs + graceMs);
    return [
      {
        what: `served beside ${what}`,
        value: (together.filter(isServed).length / together.length) * 100,
        unit: '%',
        promise: { atLeast: 95 },
      },
      {
        what: '  slower than twice the time alone (p95)',
        value: Math.max(0, slowMs(later) - 2 * slowMs(alone)),
        unit: 'ms',
        promise: { atMost: 50 },
      },
      lateness(lagMs),
    ];
  });
}

const isServed = ({ outcome }: Shot) => outcome === 'data';

/** As slow as nineteen of twenty are not. */
const slowMs = (shots: readonly Shot[]) =>
  percentile(
    shots.map(({ latencyMs }) => latencyMs),
    95,
  );
