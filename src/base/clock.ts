/** Time as the rooms see it: handed in by the composition root, so that a test can hold it. */
export interface Clock {
  /** Milliseconds on a scale that only goes forward: for durations and deadlines. Its zero means nothing. */
  now(): number;
  /** Milliseconds since 1970, as the system's clock shows them. It can step either way: never subtract two of these. */
  wallNow(): number;
  /** Runs `task` once after `delayMs` milliseconds, unless the returned function is called before. */
  after(delayMs: number, task: () => void): () => void;
}

/** The clocks of the machine. A correction of the system's time moves no deadline, and shows at once in what bears a date. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallNow: () => Date.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};
