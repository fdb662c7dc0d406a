import {
  type Attributes,
  ROOT_CONTEXT,
  type Span,
  type SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} from '@opentelemetry/api';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import type { Clock } from '../../base/clock.ts';
import { formatTraceparent, type TraceContext } from '../../base/traceparent.ts';
import type { Emit } from '../events.ts';
import { createBatches } from './batches.ts';
import { createOtlpExporter } from './exporter.ts';
import { createLosses } from './losses.ts';
import { readResource } from './resource.ts';
import { samplers } from './sampler.ts';
import type { TracingSettings } from './settings.ts';

/** A span that has not ended. */
export interface OpenSpan {
  /** The header for requests that are sent during this span. */
  readonly traceparent: string;
  /** Unix milliseconds. */
  readonly startMs: number;
  /** Begins a child span. */
  begin(name: string, kind: SpanKind): OpenSpan;
  end(came: SpanEnd): void;
}

export interface SpanEnd {
  /** Numbers are integers: a backend that has seen an integer under a name refuses a fraction there. Undefined values are left out. */
  readonly attributes: Attributes;
  readonly event?: SpanEvent | undefined;
  readonly failed: boolean;
}

/** A moment within a span. */
export interface SpanEvent {
  readonly name: string;
  /** Unix milliseconds. */
  readonly atMs: number;
}

/** The beginning of a trace, or of our part of it. */
export interface Begun {
  /** The header to send on. It is sent even if nothing is recorded: the next service must make the same sampling decision. */
  readonly traceparent: string;
  /** Undefined if the trace is not recorded. */
  readonly span: OpenSpan | undefined;
}

/** Traces, exported to a collector in the background. */
export interface Tracing {
  /** @param incoming the caller's `traceparent`; undefined if it has no valid one. */
  begin(incoming: TraceContext | undefined, name: string, kind: SpanKind): Begun;
  /** Exports the remaining spans, within two seconds. */
  close(): Promise<void>;
}

export interface TracingParts {
  readonly emit: Emit;
  readonly clock: Clock;
  readonly version: string;
}

/** The flag that the lower half of the trace ID is random, so that services can sample by it. The SDK does not know it. */
const randomBit = 2;

/** Creates spans by OpenTelemetry's SDK. Nothing is registered globally, and contexts are passed explicitly: no library can add spans. */
export function createTracing(settings: TracingSettings, { emit, clock, version }: TracingParts): Tracing {
  const losses = createLosses({ clock, emit });
  const batches = createBatches(settings, createOtlpExporter(settings, { clock, losses }), { clock, losses });
  const tracer = new TracerProvider({
    resource: readResource(version),
    sampler: samplers[settings.sampler](settings.ratio),
    spanProcessors: [batches.processor],
  }).getTracer('conference-gateway', version);

  const open = (span: Span, flags: number, startMs: number, wallAheadMs: number): OpenSpan => ({
    traceparent: formatTraceparent({ ...span.spanContext(), flags }),
    startMs,
    begin(name, kind) {
      const startMs = clock.now() + wallAheadMs;
      const child = tracer.startSpan(name, { kind, startTime: startMs }, trace.setSpan(ROOT_CONTEXT, span));
      return open(child, flags, startMs, wallAheadMs);
    },
    end({ attributes, event, failed }) {
      span.setAttributes(attributes);
      if (event) span.addEvent(event.name, event.atMs);
      if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end(clock.now() + wallAheadMs);
    },
  });

  return {
    begin(parent, name, kind) {
      // Read once per trace. If the system's time steps during a trace, a span must not end before it began, or after its parent.
      const wallAheadMs = clock.wallNow() - clock.now();
      const startMs = clock.now() + wallAheadMs;
      const span = tracer.startSpan(
        name,
        { kind, startTime: startMs },
        parent ? contextOf(parent) : ROOT_CONTEXT,
      );
      const flags = parent ? parent.flags & randomBit : randomBit;
      if (span.isRecording()) {
        const opened = open(span, flags | TraceFlags.SAMPLED, startMs, wallAheadMs);
        return { traceparent: opened.traceparent, span: opened };
      }
      // Our span is not recorded, so the parent of the upstream's span must be the caller's span.
      const { traceId, spanId } = parent ?? span.spanContext();
      return { traceparent: formatTraceparent({ traceId, spanId, flags }), span: undefined };
    },
    close: () => batches.close(),
  };
}

const contextOf = ({ traceId, spanId, flags }: TraceContext) =>
  trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: flags & TraceFlags.SAMPLED,
    isRemote: true,
  });
