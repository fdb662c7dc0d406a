import { attendance } from './attendance.ts';
import type { Attendance, Crowd } from './attendance.ts';

/** The part of a record that tells how far the conference has got. */
export interface Course extends Attendance {
  readonly startTime: number;
  readonly stopTime: number;
  readonly confDuration: number;
  readonly status: number;
}

const inProgress = 2;
const ended = 4;

/** A conference that begins every `every` seconds and lasts `lasts` of them. */
export interface Schedule {
  readonly every: number;
  readonly lasts: number;
  readonly crowd: Crowd;
  /** Seconds between two who join: the lower, the livelier. */
  readonly pace: number;
}

/** Where a repeating conference is at this moment; once ended it keeps the numbers of its last second. */
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

/** A conference that was over long ago, with the numbers of its last second. */
export function over(startTime: number, lasts: number, crowd: Crowd, pace: number): Course {
  return {
    startTime,
    stopTime: startTime + lasts,
    confDuration: lasts,
    status: ended,
    ...attendance(crowd, pace, lasts),
  };
}

/** A conference that is booked and has not begun; the contract has no name for this status. */
export const notStarted: Course = {
  startTime: 0,
  stopTime: 0,
  confDuration: 0,
  status: 1,
  attendeeCnt: 0,
  voipCnt: 0,
  pstnCnt: 0,
  videoCnt: 0,
  desktopCnt: 0,
  mcuCnt: 0,
  boxCnt: 0,
  rawAttendeeCnt: 0,
  rawPstnCnt: 0,
};
