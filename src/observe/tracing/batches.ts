import { ExportResultCode } from '@opentelemetry/core';
import { OTLPExporterError } from '@opentelemetry/otlp-exporter-base';
import { BatchSpanProcessor, type SpanExporter, type SpanProcessor } from '@opentelemetry/sdk-trace';
import type { Clock } from '../../base/clock.ts';
import type { OtlpExporter } from './exporter.ts';
import type { Losses } from './losses.ts';
import type { TracingSettings } from './settings.ts';

/** The queue of ended spans. It exports them in batches. */
export interface Batches {
  readonly processor: SpanProcessor;
  /** Exports the remaining spans, within two seconds. */
  close(): Promise<void>;
}

/** A collector that is down must not delay the end of the process any longer. */
const closingMs = 2000;

/** The SDK's batch processor, but its limit includes the spans of running exports, and every lost span is counted. */
export function createBatches(
  { maxQueue, maxBatch, delayMs, exportTimeoutMs }: TracingSettings,
  exporter: OtlpExporter,
  { clock, losses }: { readonly clock: Clock; readonly losses: Losses },
): Batches {
  /** Spans in the SDK's queue and in running exports. */
  let waiting = 0;
  let closed = false;
  /** Why the last export failed; undefined after a successful one. */
  let failure: string | undefined;

  const counted: SpanExporter = {
    export(spans, done) {
      exporter.export(spans, (result) => {
        if (!closed) {
          waiting -= spans.length;
          failure = result.code === ExportResultCode.FAILED ? reasonOf(result.error) : undefined;
          if (failure !== undefined) losses.add(spans.length, failure);
        }
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
  };
  const batches = new BatchSpanProcessor({
    exporter: counted,
    maxQueueSize: maxQueue,
    maxExportBatchSize: maxBatch,
    scheduledDelayMillis: delayMs,
    exportTimeoutMillis: exportTimeoutMs,
  });

  return {
    processor: {
      onStart: (span, context) => batches.onStart(span, context),
      onEnd(span) {
        // The SDK would drop the span, too, but its counter is private.
        if (waiting >= maxQueue) return losses.add(1, failure ?? 'queue full');
        waiting += 1;
        batches.onEnd(span);
      },
      forceFlush: () => batches.forceFlush(),
      shutdown: () => batches.shutdown(),
    },
    async close() {
      const late = Promise.withResolvers<void>();
      const cancel = clock.after(closingMs, late.resolve);
      // It rejects as soon as one export fails, although others may still be running.
      const flushed = batches.shutdown().catch(() => undefined);
      await Promise.race([flushed.then(() => exporter.forceFlush()), late.promise]);
      cancel();
      closed = true;
      exporter.stop();
      losses.add(waiting, failure ?? 'closing');
      losses.report();
    },
  };
}

// An error's message can contain an address or a header. Only a status, the system's error code or the error's name is reported.
function reasonOf(error: Error | undefined): string {
  if (error instanceof OTLPExporterError)
    return error.code === undefined ? 'HTTP 429, 502, 503 or 504' : `HTTP ${error.code}`;
  if (error === undefined) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
