/** Time and timers. The composition root passes a clock to the rooms, so that a test can control it. */
export interface Clock {
  /** Monotonic milliseconds, for durations and deadlines. The zero point is arbitrary. */
  now(): number;
  /** Unix milliseconds by the system clock, which can be set forward or back: never subtract two of these. */
  wallNow(): number;
  /** Runs `task` once, after `delayMs` milliseconds. The returned function cancels it. */
  after(delayMs: number, task: () => void): () => void;
}

/** The machine's clocks. If the system time is corrected, deadlines do not move, and dates in logs and spans follow at once. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallNow: () => Date.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};
