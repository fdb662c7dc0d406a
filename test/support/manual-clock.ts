import type { Clock } from '../../src/upstream/clock.ts';

/** Time that passes when the test says so. */
export interface ManualClock extends Clock {
  /** Lets so much time pass, and runs each timer at its moment, the earliest first. */
  advance(ms: number): void;
}

export function createManualClock(): ManualClock {
  let nowMs = 1_715_600_000_000;
  const timers = new Set<{ readonly at: number; readonly task: () => void }>();
  const earliest = () =>
    [...timers].reduce((first, timer) => (timer.at < first.at ? timer : first), {
      at: Infinity,
      task: () => undefined as void,
    });

  return {
    now: () => nowMs,
    after(delayMs, task) {
      const timer = { at: nowMs + delayMs, task };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      const until = nowMs + ms;
      for (let next = earliest(); next.at <= until; next = earliest()) {
        timers.delete(next);
        nowMs = next.at;
        next.task();
      }
      nowMs = until;
    },
  };
}
