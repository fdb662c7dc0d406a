import type { Clock } from '../../src/base/clock.ts';

/** A clock that stands still until the test moves it. */
export interface TestClock extends Clock {
  /** Moves on, and runs what is due on the way, in order. */
  advance(ms: number): void;
  /** Timers that are set now. */
  readonly timers: number;
}

export function createTestClock(): TestClock {
  let now = 0;
  const timers = new Set<{ readonly at: number; readonly task: () => void }>();
  return {
    now: () => now,
    after(delayMs, task) {
      const timer = { at: now + delayMs, task };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const [next] = [...timers].filter(({ at }) => at <= end).toSorted((one, other) => one.at - other.at);
        if (!next) break;
        now = Math.max(now, next.at);
        timers.delete(next);
        next.task();
      }
      now = end;
    },
    get timers() {
      return timers.size;
    },
  };
}
