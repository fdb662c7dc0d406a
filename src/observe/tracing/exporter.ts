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
  /** Resolves once nothing is under way. */
  forceFlush(): Promise<void>;
  /** Ends the exports under way, and begins no more. */
  stop(): void;
}

const formats = {
  'http/protobuf': { type: 'application/x-protobuf', serializer: ProtobufTraceSerializer },
  'http/json': { type: 'application/json', serializer: JsonTraceSerializer },
};

/**
 * OTLP over HTTP. The packages read endpoint, headers, compression, timeout and certificates from the process's environment, send, and
 * repeat within the timeout what may arrive later. No proxy, as their agent is not the global one; no redirect, which would send
 * the headers, and a key in them, to another host.
 */
export function createOtlpExporter(
  { protocol, exportTimeoutMs, maxQueue, maxBatch }: TracingSettings,
  { clock, losses }: { readonly clock: Clock; readonly losses: Losses },
): OtlpExporter {
  const { type, serializer } = formats[protocol];
  const options = convertLegacyHttpOptions(
    // At the end all batches are sent at once, beside the one under way.
    { concurrencyLimit: Math.ceil(maxQueue / maxBatch) + 1 },
    'TRACES',
    'v1/traces',
    { 'Content-Type': type },
  );
  const timeoutMillis = Math.min(options.timeoutMillis, exportTimeoutMs);
  let stopped = false;
  let cut = () => {};

  const delegate = createOtlpHttpExportDelegate(
    {
      ...options,
      timeoutMillis,
      // Asked for at each attempt, a repeated one included.
      async headers() {
        if (stopped) throw new DOMException('The gateway closes.', 'AbortError');
        return options.headers();
      },
      async agentFactory(protocol) {
        const agent = await options.agentFactory(protocol);
        // Certificates are checked whatever NODE_TLS_REJECT_UNAUTHORIZED says: the headers can hold a key.
        if (agent instanceof SecureAgent) agent.options.rejectUnauthorized = true;
        cut = () => agent.destroy();
        return agent;
      },
    },
    {
      serializeRequest: (spans) => serializer.serializeRequest(spans),
      deserializeResponse(bytes) {
        const response = serializer.deserializeResponse(bytes);
        // In JSON it can be text, as every number of 64 bits.
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
      // The packages' own timeout is of an idle connection: one that is being made, or drips, would have no end.
      let late = false;
      const cancel = clock.after(timeoutMillis, () => {
        late = true;
        cut();
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
      cut();
    },
  };
}
