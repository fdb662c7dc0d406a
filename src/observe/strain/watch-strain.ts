import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { Emit } from '../events.ts';
import { readHeapLimit } from './heap-limit.ts';
import { Lateness } from './lateness.ts';

const everyMs = 20;
/** Shares of the heap limit. Two values, so that a heap close to the limit does not emit an event at each collection. */
const strainedShare = 0.85;
const relievedShare = 0.8;

/**
 * Emits `strained` when the process reaches a limit and `relieved` when it is below it again: an event loop that is late by more than
 * 250 ms for a second, or a heap with more than 85 % live objects. Returns a function that stops it.
 */
export function watchStrain(emit: Emit): () => void {
  const unwatchLoop = watchEventLoop(emit);
  const unwatchHeap = watchHeap(emit);
  return () => {
    unwatchLoop();
    unwatchHeap();
  };
}

function watchEventLoop(emit: Emit): () => void {
  const lateness = new Lateness();
  let since: number | undefined;
  let dueAt = performance.now() + everyMs;
  const timer = setTimeout(() => {
    const ranAt = performance.now();
    const isStrained = lateness.sample(dueAt, ranAt);
    if (isStrained && since === undefined) {
      since = ranAt;
      const delayMs = Math.round(ranAt - dueAt);
      emit({
        event: 'strained',
        what: 'event-loop',
        delayMs,
        heapBytes: undefined,
        heapLimitBytes: undefined,
      });
    } else if (!isStrained && since !== undefined) {
      emit({ event: 'relieved', what: 'event-loop', afterMs: Math.round(ranAt - since) });
      since = undefined;
    }
    dueAt = ranAt + everyMs;
    timer.refresh();
  }, everyMs).unref();
  return () => clearTimeout(timer);
}

function watchHeap(emit: Emit): () => void {
  const heapLimitBytes = readHeapLimit();
  let since: number | undefined;
  const observer = new PerformanceObserver((list) => {
    // Only after a major collection is the used heap the size of the live objects.
    if (!list.getEntries().some(isMajor)) return;
    const { used_heap_size: heapBytes } = getHeapStatistics();
    const share = heapBytes / heapLimitBytes;
    if (share > strainedShare && since === undefined) {
      since = performance.now();
      emit({ event: 'strained', what: 'heap', delayMs: undefined, heapBytes, heapLimitBytes });
    } else if (share < relievedShare && since !== undefined) {
      emit({ event: 'relieved', what: 'heap', afterMs: Math.round(performance.now() - since) });
      since = undefined;
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  return () => observer.disconnect();
}

function isMajor(entry: PerformanceEntry): boolean {
  const detail: unknown = 'detail' in entry ? entry.detail : undefined;
  return (
    typeof detail === 'object' &&
    detail !== null &&
    'kind' in detail &&
    detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR
  );
}
