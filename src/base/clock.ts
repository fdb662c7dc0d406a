/** Time as the rooms see it: handed in by the composition root, so that a test can hold it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs `task` once after `delayMs` milliseconds, unless the returned function is called before. */
  after(delayMs: number, task: () => void): () => void;
}

/** The clock of the machine. Monotonic: a correction of the system's time moves no deadline. */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};
