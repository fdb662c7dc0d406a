import type { Shot } from './open-loop.ts';

const steadyMs = 1000;

/**
 * The first moment, in milliseconds of the load's time, from `fromMs` on, after which a whole second of requests is served:
 * 99 % of them with data and within `withinMs`. Infinity where there is none.
 */
export function healthyFrom(shots: readonly Shot[], fromMs: number, withinMs: number): number {
  const later = shots.filter(({ atMs }) => atMs >= fromMs);
  const isServed = ({ outcome, latencyMs }: Shot) => outcome === 'data' && latencyMs <= withinMs;
  const endsMs = later.at(-1)?.atMs ?? fromMs;
  const first = later.find((shot) => {
    if (!isServed(shot) || shot.atMs + steadyMs > endsMs) return false;
    const second = later.filter(({ atMs }) => atMs >= shot.atMs && atMs < shot.atMs + steadyMs);
    return second.filter(isServed).length >= second.length * 0.99;
  });
  return first?.atMs ?? Infinity;
}
