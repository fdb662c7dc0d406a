interface EventRow {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** The sentence of the log line. */
  readonly message: string;
  /** The only fields that may leave the process with this event; `?` where one can be missing. */
  readonly fields: Readonly<Record<string, FieldKind>>;
}

type FieldKind = keyof FieldTypes;

interface FieldTypes {
  string: string;
  number: number;
  boolean: boolean;
  strings: readonly string[];
  'string?': string | undefined;
  'number?': number | undefined;
}

/** All that can be seen of the gateway from outside: log, metrics and traces are made from these events alone. */
export const events = {
  started: {
    level: 'info',
    message: 'listening',
    fields: { url: 'string', upstream: 'string', version: 'string' },
  },
  stopping: { level: 'info', message: 'stopping', fields: { signal: 'string' } },
  stopped: { level: 'info', message: 'stopped', fields: { durationMs: 'number' } },
  defect: {
    level: 'error',
    message: 'a defect of the gateway',
    // The stack alone: an error's message can hold what a caller or the upstream sent.
    fields: { name: 'string', stack: 'string', requestId: 'string?' },
  },
  upstreamUnreachable: {
    level: 'warn',
    message: 'the upstream cannot be reached',
    fields: { reason: 'string', requestId: 'string?' },
  },
  circuitChanged: {
    level: 'warn',
    message: 'the circuit changed its state',
    fields: { state: 'string' },
  },
  upstreamCall: {
    level: 'debug',
    message: 'one call to the upstream is settled',
    fields: {
      endpoint: 'string',
      outcome: 'string',
      durationMs: 'number',
      waitedMs: 'number',
      attempts: 'number',
      requestId: 'string?',
    },
  },
} as const satisfies Record<string, EventRow>;

export type EventName = keyof typeof events;

type Fields<Row extends EventRow> = { readonly [Name in keyof Row['fields']]: FieldTypes[Row['fields'][Name]] };

/** Something that happened, with the fields that its row in the table allows. */
export type GatewayEvent = {
  [Name in EventName]: { readonly event: Name } & Fields<(typeof events)[Name]>;
}[EventName];

/** How a room tells what happened: it knows no logger. */
export type Emit = (event: GatewayEvent) => void;
