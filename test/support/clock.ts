import type { Clock } from '../../src/base/clock.ts';

/** A clock that stands still until the test moves it. */
export interface TestClock extends Clock {
  /** Moves the time forward, and runs the timers that become due, in order. */
  advance(ms: number): void;
  /** Sets the wall clock forward, or back, as a correction of the system's time does. No timer is due by it. */
  step(ms: number): void;
  /** Timers that are set now. */
  readonly timers: number;
}

export function createTestClock(): TestClock {
  let now = 0;
  // Far from the other clock, so that a test fails if the code uses the wrong one.
  let wallAhead = Date.UTC(2026, 2, 26);
  const timers = new Set<{ readonly at: number; readonly task: () => void }>();
  return {
    now: () => now,
    wallNow: () => now + wallAhead,
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
    step(ms) {
      wallAhead += ms;
    },
    get timers() {
      return timers.size;
    },
  };
}
