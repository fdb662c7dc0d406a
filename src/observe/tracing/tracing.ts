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

/** A span under way. */
export interface OpenSpan {
  /** What is sent on to the service that is called in its course. */
  readonly traceparent: string;
  /** Milliseconds since 1970. */
  readonly startMs: number;
  /** Begins a span below this one. */
  begin(name: string, kind: SpanKind): OpenSpan;
  end(came: SpanEnd): void;
}

export interface SpanEnd {
  /** Numbers are whole: a backend that has seen an integer under a name takes no fraction there. What is undefined is left out. */
  readonly attributes: Attributes;
  readonly event?: SpanEvent | undefined;
  readonly failed: boolean;
}

/** A moment within a span. */
export interface SpanEvent {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

/** The begin of a trace, or of the part of one that is ours. */
export interface Begun {
  /** What is sent on, also where nothing is recorded: the next service must decide alike. */
  readonly traceparent: string;
  /** Undefined where the trace is not recorded. */
  readonly span: OpenSpan | undefined;
}

/** Traces, sent to a collector in the background. */
export interface Tracing {
  /** @param incoming what the caller's `traceparent` says, if there is a valid one. */
  begin(incoming: TraceContext | undefined, name: string, kind: SpanKind): Begun;
  /** Sends what has not been sent, within seconds whatever the collector does. */
  close(): Promise<void>;
}

export interface TracingParts {
  readonly emit: Emit;
  readonly clock: Clock;
  readonly version: string;
}

/** Says that the trace ID's lower half is random, so that a service may sample by it. The SDK does not know this flag. */
const randomBit = 2;

/** Spans by OpenTelemetry's SDK. Nothing is registered globally, and a span's context is passed by hand: no library adds spans of its own. */
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
      // Read once a trace: were the wall clock to step meanwhile, a span could end before it began, or outlive its parent.
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
      // A span of ours that is not recorded must not come between the caller's and the upstream's.
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
