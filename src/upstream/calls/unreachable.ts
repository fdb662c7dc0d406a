import type { Emit } from '../../observe/events.ts';
import type { Clock } from '../../base/clock.ts';

const quietMs = 10_000;

/** Tells that the upstream cannot be reached, and why: once in ten seconds a reason, since an outage fails every call. */
export function createUnreachableNotice(clock: Clock, emit: Emit) {
  const toldAt = new Map<string, number>();
  return (reason: string, requestId: string): void => {
    const now = clock.now();
    if (now - (toldAt.get(reason) ?? -Infinity) < quietMs) return;
    toldAt.set(reason, now);
    emit({ event: 'upstreamUnreachable', reason, requestId });
  };
}
