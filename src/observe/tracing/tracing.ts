import type { Clock } from '../../base/clock.ts';
import { formatTraceparent, type TraceContext } from '../../base/traceparent.ts';
import type { Emit } from '../events.ts';
import { createBatches } from './batches.ts';
import { createExporter } from './exporter.ts';
import { createRandomIds } from './random-ids.ts';
import type { TracingSettings } from './settings.ts';
import type { Attributes, Span, SpanEvent } from './span.ts';

/** A span under way. */
export interface OpenSpan {
  /** What is sent on to whom is called in its course. */
  readonly traceparent: string;
  readonly startMs: number;
  /** Begins a span below this one. */
  begin(name: string, kind: Span['kind']): OpenSpan;
  end(came: SpanEnd): void;
}

export interface SpanEnd {
  readonly attributes: Attributes;
  readonly events?: readonly SpanEvent[];
  readonly failed: boolean;
}

/** The begin of a trace, or of the part of one that is ours. */
export interface Begun {
  /** What is sent on, also where nothing is recorded: whoever comes next must decide alike. */
  readonly traceparent: string;
  /** Undefined where the trace is not recorded. */
  readonly span: OpenSpan | undefined;
}

/** Traces, sent to a collector in the background. */
export interface Tracing {
  /** @param incoming what the caller's `traceparent` says, if there is a valid one. */
  begin(incoming: TraceContext | undefined, name: string, kind: Span['kind']): Begun;
  /** Sends what has not been sent, within seconds whatever the collector does. */
  close(): Promise<void>;
}

export interface TracingParts {
  readonly emit: Emit;
  readonly clock: Clock;
  readonly version: string;
}

const sampledBit = 1;
/** Says that the trace ID's lower half is random, so that whoever samples by it may. */
const randomBit = 2;

export function createTracing(settings: TracingSettings, { emit, clock, version }: TracingParts): Tracing {
  const send = createExporter(settings, {
    resource: { 'service.version': version, ...settings.resource },
    scope: { name: 'conference-gateway', version },
  });
  const randomId = createRandomIds();
  const batches = createBatches(settings, send, { clock, emit });

  const open = (
    traceId: string,
    flags: number,
    wallAheadMs: number,
    parentSpanId: string | undefined,
    name: string,
    kind: Span['kind'],
  ): OpenSpan => {
    const spanId = randomId(8);
    const startMs = clock.now() + wallAheadMs;
    return {
      traceparent: formatTraceparent({ traceId, spanId, flags }),
      startMs,
      begin: (name, kind) => open(traceId, flags, wallAheadMs, spanId, name, kind),
      end: ({ attributes, events = [], failed }) =>
        batches.add({
          traceId,
          spanId,
          parentSpanId,
          name,
          kind,
          startMs,
          endMs: clock.now() + wallAheadMs,
          attributes,
          events,
          failed,
        }),
    };
  };

  return {
    begin(parent, name, kind) {
      const traceId = parent?.traceId ?? randomId(16);
      const flags = parent ? parent.flags & randomBit : randomBit;
      if (settings.sampler(traceId, parent && (parent.flags & sampledBit) !== 0)) {
        // Read once a trace: were the wall clock to step meanwhile, a span could end before it began, or outlive its parent.
        const wallAheadMs = clock.wallNow() - clock.now();
        const span = open(traceId, flags | sampledBit, wallAheadMs, parent?.spanId, name, kind);
        return { traceparent: span.traceparent, span };
      }
      // A span of ours that nobody will ever see must not come between the caller's and the upstream's.
      const spanId = parent?.spanId ?? randomId(8);
      return { traceparent: formatTraceparent({ traceId, spanId, flags }), span: undefined };
    },
    close: () => batches.close(),
  };
}
