import type { ReceivedExport } from './collector.ts';

/** A span as a collector understands it, from either encoding. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: number;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly { readonly name: string; readonly atNs: bigint }[];
  readonly status: number;
  readonly resource: Readonly<Record<string, unknown>>;
}

/** Reads an export by its content type. Written from the .proto files, not from the exporter. */
export function spansOf({ headers, body }: ReceivedExport): ReceivedSpan[] {
  return headers['content-type'] === 'application/json' ? ofJson(JSON.parse(String(body))) : ofProtobuf(body);
}

interface JsonValue {
  stringValue?: string;
  intValue?: string;
  boolValue?: boolean;
}
type JsonAttributes = { key: string; value: JsonValue }[];
interface JsonSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: JsonAttributes;
  events: { name: string; timeUnixNano: string }[];
  status?: { code: number };
}
interface JsonRequest {
  resourceSpans: { resource: { attributes: JsonAttributes }; scopeSpans: { spans: JsonSpan[] }[] }[];
}

function ofJson(request: JsonRequest): ReceivedSpan[] {
  const attributes = (list: JsonAttributes) =>
    Object.fromEntries(
      list.map(({ key, value }) => [
        key,
        value.stringValue ??
          value.boolValue ??
          (value.intValue === undefined ? undefined : Number(value.intValue)),
      ]),
    );
  return request.resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId ?? '',
        name: span.name,
        kind: span.kind,
        startNs: BigInt(span.startTimeUnixNano),
        endNs: BigInt(span.endTimeUnixNano),
        attributes: attributes(span.attributes),
        events: span.events.map(({ name, timeUnixNano }) => ({ name, atNs: BigInt(timeUnixNano) })),
        status: span.status?.code ?? 0,
        resource: attributes(resource.attributes),
      })),
    ),
  );
}

type WireField = bigint | Buffer;

/** Reads protobuf's wire format without a schema: the values of each field number, in order. */
function readWire(bytes: Buffer): ReadonlyMap<number, readonly WireField[]> {
  const fields = new Map<number, WireField[]>();
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(at++);
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const take = (length: number) => {
    if (at + length > bytes.length) throw new Error('a field is longer than its message');
    return bytes.subarray(at, (at += length));
  };
  const readers: Readonly<Record<string, () => WireField>> = {
    0: varint,
    1: () => take(8).readBigUInt64LE(),
    2: () => take(Number(varint())),
    5: () => BigInt(take(4).readUInt32LE()),
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const read = readers[tag & 7];
    if (!read) throw new Error(`no such wire type: ${tag & 7}`);
    fields.set(tag >> 3, [...(fields.get(tag >> 3) ?? []), read()]);
  }
  return fields;
}

function ofProtobuf(body: Buffer): ReceivedSpan[] {
  const below = (message: Buffer, number: number) => (readWire(message).get(number) ?? []) as Buffer[];
  const text = (message: Buffer, number: number) => String(below(message, number)[0] ?? '');
  const hex = (message: Buffer, number: number) => below(message, number)[0]?.toString('hex') ?? '';
  const whole = (message: Buffer, number: number) => (readWire(message).get(number)?.[0] ?? 0n) as bigint;
  const value = (message: Buffer) => {
    const fields = readWire(message);
    if (fields.has(1)) return text(message, 1);
    return fields.has(2) ? whole(message, 2) === 1n : Number(whole(message, 3));
  };
  const attributes = (message: Buffer, number: number) =>
    Object.fromEntries(
      below(message, number).map((pair) => [text(pair, 1), value(below(pair, 2)[0] ?? Buffer.alloc(0))]),
    );
  return below(body, 1).flatMap((resourceSpans) =>
    below(resourceSpans, 2).flatMap((scopeSpans) =>
      below(scopeSpans, 2).map((span) => ({
        traceId: hex(span, 1),
        spanId: hex(span, 2),
        parentSpanId: hex(span, 4),
        name: text(span, 5),
        kind: Number(whole(span, 6)),
        startNs: whole(span, 7),
        endNs: whole(span, 8),
        attributes: attributes(span, 9),
        events: below(span, 11).map((event) => ({ name: text(event, 2), atNs: whole(event, 1) })),
        status: Number(whole(below(span, 15)[0] ?? Buffer.alloc(0), 3)),
        resource: attributes(below(resourceSpans, 1)[0] ?? Buffer.alloc(0), 1),
      })),
    ),
  );
}
