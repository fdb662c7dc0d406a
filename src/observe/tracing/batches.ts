import type { Clock } from '../../base/clock.ts';
import type { Emit } from '../events.ts';
import type { Exporter } from './exporter.ts';
import type { TracingSettings } from './settings.ts';
import type { Span } from './span.ts';

/** Spans that have ended and wait to be sent. */
export interface Batches {
  add(span: Span): void;
  /** Sends what is left, for no longer than two seconds. */
  close(): Promise<void>;
}

/** How often at most a loss is told. */
const quietMs = 60_000;
/** An orderly end does not wait for a collector that is ill. */
const closingMs = 2000;

/**
 * Gathers spans and sends them in the background: bounded, one export at a time, and one a delay while the collector is ill. What
 * finds no room, or is refused for good, is lost and counted.
 */
export function createBatches(
  { maxQueue, maxBatch, delayMs }: Pick<TracingSettings, 'maxQueue' | 'maxBatch' | 'delayMs'>,
  send: Exporter,
  { clock, emit }: { readonly clock: Clock; readonly emit: Emit },
): Batches {
  let queue: Span[] = [];
  let sending: Promise<boolean> | undefined;
  let cancelTimer: (() => void) | undefined;
  /** Why the last export failed, if in a way that may pass. */
  let illness: string | undefined;
  const ending = new AbortController();
  const losses = createLosses(clock, emit);

  const sendBatch = async () => {
    const batch = queue.slice(0, maxBatch);
    const exported = await send(batch, ending.signal);
    illness = exported.kind === 'failed' && exported.again ? exported.reason : undefined;
    if (illness !== undefined) return false;
    queue = queue.slice(batch.length);
    if (exported.kind === 'failed') losses.add(batch.length, exported.reason);
    return true;
  };

  /** Whether the next batch may be sent at once. */
  const flush = (): Promise<boolean> => {
    cancelTimer?.();
    cancelTimer = undefined;
    sending ??= sendBatch().finally(() => {
      sending = undefined;
      schedule();
    });
    return sending;
  };

  const schedule = () => {
    if (sending || queue.length === 0 || ending.signal.aborted) return;
    if (queue.length >= maxBatch && illness === undefined) void flush();
    else cancelTimer ??= clock.after(delayMs, () => void flush());
  };

  return {
    add(span) {
      if (queue.length >= maxQueue) return losses.add(1, illness ?? 'queue full');
      queue.push(span);
      schedule();
    },
    async close() {
      const late = new DOMException('The gateway closes.', 'TimeoutError');
      const cancel = clock.after(closingMs, () => ending.abort(late));
      while (queue.length > 0 && (await flush()));
      cancel();
      ending.abort();
      cancelTimer?.();
      losses.add(queue.length, illness ?? 'closing');
      losses.tell();
    },
  };
}

/** Counts what is lost, and tells it at most once a minute: a collector that is ill loses every span. */
function createLosses(clock: Clock, emit: Emit) {
  let spans = 0;
  let reason = '';
  let toldAt = -Infinity;
  const tell = () => {
    if (spans === 0) return;
    emit({ event: 'spansLost', spans, reason });
    spans = 0;
    toldAt = clock.now();
  };
  return {
    tell,
    add(more: number, why: string) {
      if (more === 0) return;
      spans += more;
      reason = why;
      if (clock.now() - toldAt >= quietMs) tell();
    },
  };
}
