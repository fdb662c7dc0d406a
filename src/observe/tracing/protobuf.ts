import { createBackwardWriter, type BackwardWriter } from './backward-writer.ts';

/** How a field is written: by a scalar type of protobuf, or as a message of the table. */
type FieldType = 'string' | 'hex' | 'varint' | 'bool' | 'fixed32' | 'fixed64' | MessageName;
type Fields = readonly (readonly [name: string, number: number, type: FieldType])[];
type MessageName =
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
const messages: Readonly<Record<MessageName, Fields>> = {
  request: [['resourceSpans', 1, 'resourceSpans']],
  resourceSpans: [
    ['resource', 1, 'resource'],
    ['scopeSpans', 2, 'scopeSpans'],
  ],
  resource: [['attributes', 1, 'keyValue']],
  scopeSpans: [
    ['scope', 1, 'scope'],
    ['spans', 2, 'span'],
  ],
  scope: [
    ['name', 1, 'string'],
    ['version', 2, 'string'],
  ],
  span: [
    ['traceId', 1, 'hex'],
    ['spanId', 2, 'hex'],
    ['parentSpanId', 4, 'hex'],
    ['name', 5, 'string'],
    ['kind', 6, 'varint'],
    ['startTimeUnixNano', 7, 'fixed64'],
    ['endTimeUnixNano', 8, 'fixed64'],
    ['attributes', 9, 'keyValue'],
    ['events', 11, 'event'],
    ['status', 15, 'status'],
    ['flags', 16, 'fixed32'],
  ],
  event: [
    ['timeUnixNano', 1, 'fixed64'],
    ['name', 2, 'string'],
  ],
  status: [['code', 3, 'varint']],
  keyValue: [
    ['key', 1, 'string'],
    ['value', 2, 'anyValue'],
  ],
  anyValue: [
    ['stringValue', 1, 'string'],
    ['boolValue', 2, 'bool'],
    ['intValue', 3, 'varint'],
  ],
};

type Message = Readonly<Record<string, unknown>>;

/** Writes a message that is given in the form of OTLP's JSON as the same message in protobuf. Fields that the table lacks are left out. */
export function encode(message: Message, name: MessageName = 'request'): Buffer<ArrayBuffer> {
  const writer = createBackwardWriter();
  writeMessage(writer, message, name);
  return writer.written();
}

// A message stands after its length, which is known once it is written: so everything is written from the end to the beginning.
function writeMessage(writer: BackwardWriter, message: Message, name: MessageName): void {
  const fields = messages[name];
  for (let at = fields.length - 1; at >= 0; at -= 1) {
    const [field, number, type] = fields[at] ?? ['', 0, 'string'];
    const value = message[field];
    if (Array.isArray(value))
      for (let item = value.length - 1; item >= 0; item -= 1) writeField(writer, number, type, value[item]);
    else if (value !== undefined) writeField(writer, number, type, value);
  }
}

function writeField(writer: BackwardWriter, number: number, type: FieldType, value: unknown): void {
  const tag = (wireType: 0 | 1 | 2 | 5) => writer.varint(number * 8 + wireType);
  const end = writer.length;
  switch (type) {
    case 'varint':
      writer.varint(Number(value));
      return tag(0);
    case 'bool':
      writer.varint(value === true ? 1 : 0);
      return tag(0);
    case 'fixed32':
      writer.fixed(BigInt(String(value)), 4);
      return tag(5);
    case 'fixed64':
      writer.fixed(BigInt(String(value)), 8);
      return tag(1);
    case 'string':
      writer.text(String(value), 'utf8');
      break;
    case 'hex':
      writer.text(String(value), 'hex');
      break;
    default:
      if (isMessage(value)) writeMessage(writer, value, type);
  }
  writer.varint(writer.length - end);
  tag(2);
}

const isMessage = (value: unknown): value is Message => typeof value === 'object' && value !== null;
