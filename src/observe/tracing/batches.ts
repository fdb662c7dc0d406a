import { ExportResultCode } from '@opentelemetry/core';
import { OTLPExporterError } from '@opentelemetry/otlp-exporter-base';
import { BatchSpanProcessor, type SpanExporter, type SpanProcessor } from '@opentelemetry/sdk-trace';
import type { Clock } from '../../base/clock.ts';
import type { OtlpExporter } from './exporter.ts';
import type { Losses } from './losses.ts';
import type { TracingSettings } from './settings.ts';

/** Spans that have ended and wait to be sent. */
export interface Batches {
  readonly processor: SpanProcessor;
  /** Sends what is left, for no longer than two seconds. */
  close(): Promise<void>;
}

/** An orderly end does not wait longer for a collector that is down. */
const closingMs = 2000;

/** The SDK's batches, with a bound that includes the spans under way, and with every lost span counted. */
export function createBatches(
  { maxQueue, maxBatch, delayMs, exportTimeoutMs }: TracingSettings,
  exporter: OtlpExporter,
  { clock, losses }: { readonly clock: Clock; readonly losses: Losses },
): Batches {
  /** Spans that have ended and whose export has not: in the SDK's queue, or under way. */
  let waiting = 0;
  let closed = false;
  /** Why the last export failed; undefined after one that did not. */
  let illness: string | undefined;

  const counted: SpanExporter = {
    export(spans, done) {
      exporter.export(spans, (result) => {
        if (!closed) {
          waiting -= spans.length;
          illness = result.code === ExportResultCode.FAILED ? reasonOf(result.error) : undefined;
          if (illness !== undefined) losses.add(spans.length, illness);
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
        // The SDK would drop it, too, but its count of the dropped is private.
        if (waiting >= maxQueue) return losses.add(1, illness ?? 'queue full');
        waiting += 1;
        batches.onEnd(span);
      },
      forceFlush: () => batches.forceFlush(),
      shutdown: () => batches.shutdown(),
    },
    async close() {
      const late = Promise.withResolvers<void>();
      const cancel = clock.after(closingMs, late.resolve);
      // It rejects as soon as one export fails, while others may be under way.
      const flushed = batches.shutdown().catch(() => undefined);
      await Promise.race([flushed.then(() => exporter.forceFlush()), late.promise]);
      cancel();
      closed = true;
      exporter.stop();
      losses.add(waiting, illness ?? 'closing');
      losses.report();
    },
  };
}

// A message can hold an address or a header, so it is not told: only a status, the system's code or the error's name.
function reasonOf(error: Error | undefined): string {
  if (error instanceof OTLPExporterError)
    return error.code === undefined ? 'HTTP 429, 502, 503 or 504' : `HTTP ${error.code}`;
  if (error === undefined) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
