import type { Clock } from '../../base/clock.ts';
import type { Emit } from '../../observe/events.ts';

const quietMs = 60_000;

/** Tells of polls that were skipped for want of room, at most once a minute. */
export function createSkipNotice(clock: Clock, emit: Emit) {
  let toldAt = -Infinity;
  let skipped = 0;
  return (): void => {
    skipped += 1;
    const now = clock.now();
    if (now - toldAt < quietMs) return;
    emit({
      event: 'pollsSkipped',
      skipped,
      settings: ['UPSTREAM_CONCURRENCY', 'LIVE_INTERVAL_MS', 'LIVE_MAX_WATCHED'],
    });
    toldAt = now;
    skipped = 0;
  };
}
