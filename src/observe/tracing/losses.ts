import type { Clock } from '../../base/clock.ts';
import type { Emit } from '../events.ts';

/** Counts lost spans, and reports them at most once a minute: a collector that is down loses every span. */
export interface Losses {
  add(spans: number, reason: string): void;
  /** Reports now what has not been reported. */
  report(): void;
}

const quietMs = 60_000;

export function createLosses({ clock, emit }: { readonly clock: Clock; readonly emit: Emit }): Losses {
  let spans = 0;
  let reason = '';
  let reportedAt = -Infinity;
  const report = () => {
    if (spans === 0) return;
    emit({ event: 'spansLost', spans, reason });
    spans = 0;
    reportedAt = clock.now();
  };
  return {
    report,
    add(more, why) {
      if (more === 0) return;
      spans += more;
      reason = why;
      if (clock.now() - reportedAt >= quietMs) report();
    },
  };
}
