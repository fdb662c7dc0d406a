import type { Emit } from '../../observe/events.ts';
import type { Clock } from '../../base/clock.ts';
import type { InvalidReason } from '../failures.ts';

const quietMs = 10_000;

/** Emits events on failed calls, at most one in ten seconds for each reason, because an outage fails every call. Reasons come from closed lists. */
export function createNotices(clock: Clock, emit: Emit) {
  const toldAt = new Map<string, number>();
  const isDue = (notice: string): boolean => {
    const now = clock.now();
    if (now - (toldAt.get(notice) ?? -Infinity) < quietMs) return false;
    toldAt.set(notice, now);
    return true;
  };
  return {
    /** @param reason the system's word for why there was no complete answer. */
    unreachable(reason: string, requestId: string): void {
      if (isDue(`unreachable ${reason}`)) emit({ event: 'upstreamUnreachable', reason, requestId });
    },
    /** The last known addresses are used. @param reason the resolver's word, or `NO_ANSWER`. */
    unresolved(reason: string): void {
      if (isDue(`unresolved ${reason}`)) emit({ event: 'upstreamUnresolved', reason });
    },
    /** @param detail which part of the framing was refused, in the HTTP parser's words or ours. */
    unusable(reason: InvalidReason, detail: string | undefined, requestId: string): void {
      if (isDue(`unusable ${reason} ${detail}`))
        emit({ event: 'upstreamUnusable', reason, detail, requestId });
    },
  };
}
