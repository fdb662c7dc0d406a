import type { Clock } from '../../base/clock.ts';
import type { Emit } from '../../observe/events.ts';

const quietMs = 60_000;

/** Reports polls that were skipped because queries take all capacity: one event a minute at most. */
export function createSkipNotice(clock: Clock, emit: Emit) {
  let reportedAt = -Infinity;
  let skipped = 0;
  return (): void => {
    skipped += 1;
    const now = clock.now();
    if (now - reportedAt < quietMs) return;
    emit({
      event: 'pollsSkipped',
      skipped,
      settings: ['UPSTREAM_CONCURRENCY', 'LIVE_INTERVAL_MS', 'LIVE_MAX_WATCHED'],
    });
    reportedAt = now;
    skipped = 0;
  };
}
