/** Time as the rooms see it. The composition root passes it in, so that a test can control it. */
export interface Clock {
  /** Monotonic milliseconds, for durations and deadlines. The zero point is arbitrary. */
  now(): number;
  /** Unix milliseconds of the system's clock. It can be set forward or back: never subtract two of these. */
  wallNow(): number;
  /** Runs `task` once after `delayMs` milliseconds, unless the returned function is called before. */
  after(delayMs: number, task: () => void): () => void;
}

/** The clocks of the machine. A correction of the system's time moves no deadline, and dates in logs and spans follow it at once. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallNow: () => Date.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};
