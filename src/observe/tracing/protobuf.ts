/** How a field is written: by a scalar type of protobuf, or as a message of the table. */
type FieldType = 'string' | 'hex' | 'varint' | 'bool' | 'fixed32' | 'fixed64' | MessageName;
type Message = Readonly<Record<string, readonly [number: number, type: FieldType]>>;
export type MessageName =
  | 'request'
  | 'resourceSpans'
  | 'resource'
  | 'scopeSpans'
  | 'scope'
  | 'span'
  | 'event'
  | 'status'
  | 'keyValue'
  | 'anyValue';

// opentelemetry/proto/collector/trace/v1/trace_service.proto and what it imports: the fields that are sent, no others.
const messages: Readonly<Record<MessageName, Message>> = {
  request: { resourceSpans: [1, 'resourceSpans'] },
  resourceSpans: { resource: [1, 'resource'], scopeSpans: [2, 'scopeSpans'] },
  resource: { attributes: [1, 'keyValue'] },
  scopeSpans: { scope: [1, 'scope'], spans: [2, 'span'] },
  scope: { name: [1, 'string'], version: [2, 'string'] },
  span: {
    traceId: [1, 'hex'],
    spanId: [2, 'hex'],
    parentSpanId: [4, 'hex'],
    name: [5, 'string'],
    kind: [6, 'varint'],
    startTimeUnixNano: [7, 'fixed64'],
    endTimeUnixNano: [8, 'fixed64'],
    attributes: [9, 'keyValue'],
    events: [11, 'event'],
    status: [15, 'status'],
    flags: [16, 'fixed32'],
  },
  event: { timeUnixNano: [1, 'fixed64'], name: [2, 'string'] },
  status: { code: [3, 'varint'] },
  keyValue: { key: [1, 'string'], value: [2, 'anyValue'] },
  anyValue: { stringValue: [1, 'string'], boolValue: [2, 'bool'], intValue: [3, 'varint'] },
};

/** Writes a message that is given in the form of OTLP's JSON as the same message in protobuf. Fields that the table lacks are left out. */
export function encode(value: object, name: MessageName = 'request'): Buffer {
  const chunks: Buffer[] = [];
  const given = new Map<string, unknown>(Object.entries(value));
  for (const [field, [number, type]] of Object.entries(messages[name])) {
    const content = given.get(field);
    for (const one of Array.isArray(content) ? content : content === undefined ? [] : [content])
      writeField(chunks, number, type, one);
  }
  return Buffer.concat(chunks);
}

function writeField(chunks: Buffer[], number: number, type: FieldType, value: unknown): void {
  const tag = (wireType: 0 | 1 | 2 | 5) => varint(BigInt(number * 8 + wireType));
  switch (type) {
    case 'string':
      return writeBytes(chunks, tag(2), Buffer.from(String(value)));
    case 'hex':
      return writeBytes(chunks, tag(2), Buffer.from(String(value), 'hex'));
    case 'varint':
      return void chunks.push(tag(0), varint(BigInt(String(value))));
    case 'bool':
      return void chunks.push(tag(0), varint(value === true ? 1n : 0n));
    case 'fixed32':
      return void chunks.push(tag(5), fixed(BigInt(String(value)), 4));
    case 'fixed64':
      return void chunks.push(tag(1), fixed(BigInt(String(value)), 8));
    default:
      if (typeof value === 'object' && value !== null) writeBytes(chunks, tag(2), encode(value, type));
  }
}

function writeBytes(chunks: Buffer[], tag: Buffer, bytes: Buffer): void {
  chunks.push(tag, varint(BigInt(bytes.length)), bytes);
}

/** Seven bits a byte, the lowest first; what is negative is written in 64 bits. */
function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  return Buffer.from([...bytes, Number(rest)]);
}

function fixed(value: bigint, length: 4 | 8): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  return bytes.subarray(0, length);
}
