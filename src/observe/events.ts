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
  'strings?': readonly string[] | undefined;
}

/** All that can be seen of the gateway from outside: log, metrics and traces are made from these events alone. */
export const events = {
  started: {
    level: 'info',
    message: 'listening',
    fields: {
      url: 'string',
      upstream: 'string',
      graphiql: 'boolean',
      introspection: 'boolean',
      metrics: 'string?',
      version: 'string',
      commit: 'string?',
      node: 'string',
      hints: 'strings',
    },
  },
  stopping: { level: 'info', message: 'stopping', fields: { signal: 'string' } },
  stopped: { level: 'info', message: 'stopped', fields: { durationMs: 'number' } },
  /** The end of the process, or a second signal, did not wait for it. */
  cut: {
    level: 'warn',
    message: 'ended what was still under way',
    fields: { reason: 'string', connections: 'number', requests: 'number' },
  },
  /** One HTTP request of a client, answered or left. */
  request: {
    level: 'info',
    message: 'request',
    fields: {
      requestId: 'string',
      traceId: 'string?',
      client: 'string?',
      operationName: 'string?',
      // trusted or other, where there is a list of trusted documents.
      document: 'string?',
      // 0: the client left before there was an answer.
      httpStatus: 'number',
      durationMs: 'number',
      upstreamCalls: 'number',
      upstreamMs: 'number',
      waitedMs: 'number',
      shared: 'number',
      retries: 'number',
      // Schema coordinates; left out where there are none, as in nearly all lines.
      deprecatedUses: 'strings?',
      codes: 'strings',
      upstreamRequestIds: 'strings',
    },
  },
  /** Read at the start, and again on SIGHUP. */
  trustedDocuments: {
    level: 'info',
    message: 'the trusted documents are read',
    fields: { documents: 'number' },
  },
  /** On SIGHUP: the list before stays. */
  trustedDocumentsRefused: {
    level: 'error',
    message: 'the new list of trusted documents is not taken',
    fields: { problems: 'strings' },
  },
  setting: { level: 'warn', message: 'a setting has no effect', fields: { problem: 'string' } },
  warning: {
    level: 'warn',
    message: 'a warning of the runtime',
    fields: { name: 'string', code: 'string?' },
  },
  /** Told as soon as the log is read again, at the place where the lines are missing. */
  logLinesDropped: {
    level: 'warn',
    message: 'lines of the log were dropped: its reader did not read',
    fields: { lines: 'number' },
  },
  defect: {
    level: 'error',
    message: 'a defect of the gateway',
    // The stack alone: an error's message can hold what a caller or the upstream sent.
    fields: { name: 'string', stack: 'string', requestId: 'string?' },
  },
  /** Told once, until it is over. */
  strained: {
    level: 'warn',
    message: 'the process is at its limits',
    // `event-loop`, with the delay, or `heap`, with what its live objects take.
    fields: { what: 'string', delayMs: 'number?', heapBytes: 'number?', heapLimitBytes: 'number?' },
  },
  relieved: {
    level: 'info',
    message: 'the process is off its limits again',
    fields: { what: 'string', afterMs: 'number' },
  },
  upstreamUnreachable: {
    level: 'warn',
    message: 'the upstream cannot be reached',
    fields: { reason: 'string', requestId: 'string?' },
  },
  /** Its last known addresses are used; told once in ten seconds a reason. */
  upstreamUnresolved: {
    level: 'warn',
    message: "the upstream's name is not resolved: its last known addresses are used",
    fields: { reason: 'string' },
  },
  /** Told once in ten seconds a reason. */
  upstreamUnusable: {
    level: 'warn',
    message: "the upstream's answer cannot be used",
    fields: { reason: 'string', detail: 'string?', requestId: 'string?' },
  },
  circuitChanged: {
    level: 'warn',
    message: 'the circuit changed its state',
    fields: { state: 'string' },
  },
  /** The first record of its kind since the start. */
  drift: {
    level: 'warn',
    message: 'records are unlike the contract',
    fields: { endpoint: 'string', kind: 'string', field: 'string' },
  },
  /** Every record of that kind; the name of a new field is the upstream's own and left out. */
  driftSeen: {
    level: 'debug',
    message: 'a record is unlike the contract',
    fields: { endpoint: 'string', kind: 'string', field: 'string?' },
  },
  /** A viewer has got the first event of a subscription. */
  streamBegan: {
    level: 'info',
    message: 'a stream begins',
    fields: {
      requestId: 'string',
      operationName: 'string?',
      transport: 'string',
      // As of a request.
      client: 'string?',
      document: 'string?',
      deprecatedUses: 'strings',
    },
  },
  streamEnded: {
    level: 'info',
    message: 'a stream ended',
    fields: {
      requestId: 'string',
      operationName: 'string?',
      transport: 'string',
      // finished, client_left, credential, too_slow, age, shutdown or refused.
      reason: 'string',
      sent: 'number',
      durationMs: 'number',
      // Of its last event.
      codes: 'strings',
    },
  },
  /** An event for a cohort of equal viewers was made. */
  liveEvent: {
    level: 'debug',
    message: 'an event of a subscription',
    fields: { viewers: 'number' },
  },
  /** Told at most once a minute, with all that were skipped since. */
  pollsSkipped: {
    level: 'warn',
    message: 'polls found no room: viewers are told later. Raise or lower one of the settings',
    fields: { skipped: 'number', settings: 'strings' },
  },
  /** Told at most once a minute, with all that were lost since. */
  spansLost: {
    level: 'warn',
    message: 'spans of traces were lost',
    fields: { spans: 'number', reason: 'string' },
  },
  upstreamCall: {
    level: 'debug',
    message: 'one call to the upstream is settled',
    fields: {
      endpoint: 'string',
      outcome: 'string',
      reason: 'string?',
      durationMs: 'number',
      waitedMs: 'number',
      attempts: 'number',
      requestId: 'string?',
    },
  },
} as const satisfies Record<string, EventRow>;

export type EventName = keyof typeof events;

type Fields<Row extends EventRow> = {
  readonly [Name in keyof Row['fields']]: FieldTypes[Row['fields'][Name]];
};

/** Something that happened, with the fields that its row in the table allows. */
export type GatewayEvent = {
  [Name in EventName]: { readonly event: Name } & Fields<(typeof events)[Name]>;
}[EventName];

/** How a room tells what happened: it knows no logger. */
export type Emit = (event: GatewayEvent) => void;
