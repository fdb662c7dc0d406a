import { attendance } from './attendance.ts';
import type { Attendance, Crowd } from './attendance.ts';

/** The part of a record that changes while the conference runs. */
export interface Course extends Attendance {
  readonly startTime: number;
  readonly stopTime: number;
  readonly confDuration: number;
  readonly status: number;
}

const inProgress = 2;
const ended = 4;

/** A conference that starts anew every `every` seconds and runs for the first `lasts` of them. */
export interface Schedule {
  readonly every: number;
  readonly lasts: number;
  readonly crowd: Crowd;
  /** Seconds between two joins: the lower, the faster the counters change. */
  readonly pace: number;
}

/** The state of a repeating conference at this moment. Once ended, it keeps the numbers of its last second. */
export function repeating({ every, lasts, crowd, pace }: Schedule, nowMs: number): Course {
  const now = Math.floor(nowMs / 1000);
  const startTime = now - (now % every);
  const elapsed = Math.min(now - startTime, lasts);
  const isOver = elapsed === lasts;
  return {
    startTime,
    stopTime: isOver ? startTime + lasts : 0,
    confDuration: elapsed,
    status: isOver ? ended : inProgress,
    ...attendance(crowd, pace, elapsed),
  };
}

/** A conference that ended long ago, with the numbers of its last second. */
export function over(startTime: number, lasts: number, crowd: Crowd, pace: number): Course {
  return {
    startTime,
    stopTime: startTime + lasts,
    confDuration: lasts,
    status: ended,
    ...attendance(crowd, pace, lasts),
  };
}

/** A conference that is booked and has not started; the contract does not list this status. */
export const notStarted: Course = {
  startTime: 0,
  stopTime: 0,
  confDuration: 0,
  status: 1,
  ...attendance({ voip: 0, pstn: 0, mcu: 0, box: 0 }, 1, 0),
};
