import { Agent as SecureAgent } from 'node:https';
import { ExportResultCode } from '@opentelemetry/core';
import {
  convertLegacyHttpOptions,
  createOtlpHttpExportDelegate,
} from '@opentelemetry/otlp-exporter-base/node-http';
import {
  JsonTraceSerializer,
  ProtobufTraceSerializer,
  TraceExporterMetricsHelper,
} from '@opentelemetry/otlp-transformer';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { Clock } from '../../base/clock.ts';
import type { Losses } from './losses.ts';
import type { TracingSettings } from './settings.ts';

export interface OtlpExporter extends SpanExporter {
  /** Resolves when no export is running. */
  forceFlush(): Promise<void>;
  /** Aborts the running exports and starts no more. */
  stop(): void;
}

const formats = {
  'http/protobuf': { type: 'application/x-protobuf', serializer: ProtobufTraceSerializer },
  'http/json': { type: 'application/json', serializer: JsonTraceSerializer },
};

/**
 * Exports spans by OTLP over HTTP. OpenTelemetry's packages read endpoint, headers, compression, timeout and certificates from the
 * process's environment, and retry within the timeout. They use no proxy, because their agent is not the global one. They follow no
 * redirect: it would send the headers, which can contain a key, to another host.
 */
export function createOtlpExporter(
  { protocol, exportTimeoutMs, maxQueue, maxBatch }: TracingSettings,
  { clock, losses }: { readonly clock: Clock; readonly losses: Losses },
): OtlpExporter {
  const { type, serializer } = formats[protocol];
  const options = convertLegacyHttpOptions(
    // At the end, all batches are sent at once, in addition to the running export.
    { concurrencyLimit: Math.ceil(maxQueue / maxBatch) + 1 },
    'TRACES',
    'v1/traces',
    { 'Content-Type': type },
  );
  const timeoutMillis = Math.min(options.timeoutMillis, exportTimeoutMs);
  let stopped = false;
  let abort = () => {};

  const delegate = createOtlpHttpExportDelegate(
    {
      ...options,
      timeoutMillis,
      // Called before each attempt, retries included.
      async headers() {
        if (stopped) throw new DOMException('The gateway closes.', 'AbortError');
        return options.headers();
      },
      async agentFactory(protocol) {
        const agent = await options.agentFactory(protocol);
        // Certificates are checked whatever NODE_TLS_REJECT_UNAUTHORIZED says: the headers can contain a key.
        if (agent instanceof SecureAgent) agent.options.rejectUnauthorized = true;
        abort = () => agent.destroy();
        return agent;
      },
    },
    {
      serializeRequest: (spans) => serializer.serializeRequest(spans),
      deserializeResponse(bytes) {
        const response = serializer.deserializeResponse(bytes);
        // In JSON, a 64-bit number can be a string.
        losses.add(Number(response.partialSuccess?.rejectedSpans) || 0, 'refused by the collector');
        return response;
      },
    },
    'otlp_http_span_exporter',
    TraceExporterMetricsHelper,
    undefined,
  );

  return {
    export(spans, done) {
      // The packages' own timeout is for an idle connection. It does not end a slow connect, or an answer that comes byte by byte.
      let late = false;
      const cancel = clock.after(timeoutMillis, () => {
        late = true;
        abort();
      });
      delegate.export(spans, (result) => {
        cancel();
        if (!late || result.code === ExportResultCode.SUCCESS) return done(result);
        const error = new DOMException('The export took too long.', 'TimeoutError');
        done({ code: ExportResultCode.FAILED, error });
      });
    },
    forceFlush: () => delegate.forceFlush(),
    shutdown: () => delegate.shutdown(),
    stop() {
      stopped = true;
      abort();
    },
  };
}
