/** One request that is due: when, from whom, and for which conference. */
export interface Arrival {
  /** Milliseconds from the beginning of the load. */
  readonly atMs: number;
  readonly token: string;
  readonly id: string;
  /** The caller hangs up this long after the request was due, if it has no answer by then. */
  readonly leavesAfterMs: number;
}

/** A stretch of load at one rate: Poisson arrivals, as independent callers make them. */
export interface Stretch {
  readonly perSecond: number;
  readonly fromMs: number;
  readonly untilMs: number;
  /** The arrivals are dealt out to so many callers at random. */
  readonly callers: number;
  /** Tells these callers and their conferences from those of other stretches. */
  readonly name: string;
  readonly leavesAfterMs?: number;
}

/** As long as the gateways promise an answer in: who has none by then has no use for it. */
export const patienceMs = 5000;

/**
 * The arrivals of all stretches, in order of time. Every request asks for a conference of its own, so that no gateway
 * can answer two with one call. The same stretches make the same arrivals, so that each gateway meets the same load.
 */
export function arrivalsOf(stretches: readonly Stretch[]): Arrival[] {
  return stretches.flatMap(poisson).sort((one, other) => one.atMs - other.atMs);
}

function poisson({
  perSecond,
  fromMs,
  untilMs,
  callers,
  name,
  leavesAfterMs = patienceMs,
}: Stretch): Arrival[] {
  const random = seeded(perSecond);
  const arrivals: Arrival[] = [];
  const pauseMs = () => (-Math.log(1 - random()) * 1000) / perSecond;
  for (let atMs = fromMs + pauseMs(); atMs < untilMs; atMs += pauseMs()) {
    const token = `${name}-${Math.floor(random() * callers)}`;
    arrivals.push({ atMs, token, id: `${name}-${arrivals.length}`, leavesAfterMs });
  }
  return arrivals;
}

/** Mulberry32: numbers from 0 to 1 that are the same in every run, which Math.random cannot give. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
