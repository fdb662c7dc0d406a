/** The measured average duration of a call. */
export interface Pace {
  readonly averageMs: number;
  add(tookMs: number): void;
}

/** How much the newest call moves the average, at most. */
const maxNewestWeight = 0.1;

/** @param concurrency calls that run at once. */
export function createPace(concurrency: number): Pace {
  // The average covers about as many calls as run at once: a few calls that time out together must not change it much.
  const newestWeight = Math.min(maxNewestWeight, 1 / concurrency);
  let averageMs = 0;
  return {
    get averageMs() {
      return averageMs;
    },
    add(tookMs) {
      averageMs = averageMs === 0 ? tookMs : averageMs + (tookMs - averageMs) * newestWeight;
    },
  };
}
