import type { Attributes, AttributeValue, Span } from './span.ts';

/** Who sends the spans. */
export interface Sender {
  readonly resource: Attributes;
  readonly scope: { readonly name: string; readonly version: string };
}

const kinds = { internal: 1, server: 2, client: 3 } as const;
const statusError = 2;
const sampled = 1;

/** Spans as OTLP has them, in the form of its JSON: numbers of 64 bits as text, IDs in hexadecimal digits. */
export function exportRequest(spans: readonly Span[], { resource, scope }: Sender) {
  return {
    resourceSpans: [
      {
        resource: { attributes: keyValues(resource) },
        scopeSpans: [{ scope, spans: spans.map(spanMessage) }],
      },
    ],
  };
}

function spanMessage({
  traceId,
  spanId,
  parentSpanId,
  name,
  kind,
  startMs,
  endMs,
  attributes,
  events,
  failed,
}: Span) {
  return {
    traceId,
    spanId,
    ...(parentSpanId !== undefined && { parentSpanId }),
    name,
    kind: kinds[kind],
    startTimeUnixNano: nanoseconds(startMs),
    endTimeUnixNano: nanoseconds(endMs),
    attributes: keyValues(attributes),
    events: events.map(({ name, atMs }) => ({ timeUnixNano: nanoseconds(atMs), name })),
    ...(failed && { status: { code: statusError } }),
    flags: sampled,
  };
}

function keyValues(attributes: Attributes) {
  return Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : { key, value: anyValue(value) },
  );
}

function anyValue(value: AttributeValue) {
  if (typeof value === 'string') return { stringValue: value };
  return typeof value === 'boolean' ? { boolValue: value } : { intValue: String(value) };
}

// A double holds microseconds of this century, not nanoseconds.
const nanoseconds = (ms: number): string => `${Math.round(ms * 1000)}000`;
