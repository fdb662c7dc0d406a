interface EventRow {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** The sentence of the log line. */
  readonly message: string;
  /** The only fields that the event may have in the log, metrics and traces; `?` marks those that can be missing. */
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

/** Every event of the gateway. Log, metrics and traces are made from these events only. */
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
  /** The drain timeout passed, or a second signal came, while requests were still in progress. */
  cut: {
    level: 'warn',
    message: 'ended requests that were still in progress',
    fields: { reason: 'string', connections: 'number', requests: 'number' },
  },
  /** One HTTP request of a client, whether it was answered or the client closed the connection. */
  request: {
    level: 'info',
    message: 'request',
    fields: {
      requestId: 'string',
      traceId: 'string?',
      client: 'string?',
      operationName: 'string?',
      // `trusted` or `other` if there is a list of trusted documents.
      document: 'string?',
      // 0: the client closed the connection before there was an answer.
      httpStatus: 'number',
      durationMs: 'number',
      upstreamCalls: 'number',
      upstreamMs: 'number',
      waitedMs: 'number',
      shared: 'number',
      retries: 'number',
      // Schema coordinates; missing if there are none, as in nearly all lines.
      deprecatedUses: 'strings?',
      codes: 'strings',
      upstreamRequestIds: 'strings',
    },
  },
  /** At the start, and on SIGHUP. */
  trustedDocuments: {
    level: 'info',
    message: 'trusted documents loaded',
    fields: { documents: 'number' },
  },
  /** On SIGHUP: the previous list stays. */
  trustedDocumentsRefused: {
    level: 'error',
    message: 'trusted documents not reloaded: the new list has mistakes',
    fields: { problems: 'strings' },
  },
  setting: { level: 'warn', message: 'a setting has no effect', fields: { problem: 'string' } },
  warning: {
    level: 'warn',
    message: 'a warning of Node.js',
    fields: { name: 'string', code: 'string?' },
  },
  /** As soon as the reader of the log reads again, at the place where the lines are missing. */
  logLinesDropped: {
    level: 'warn',
    message: 'log lines were dropped: the reader of stdout did not read',
    fields: { lines: 'number' },
  },
  defect: {
    level: 'error',
    message: 'a bug in the gateway',
    // Without the error's message, which can contain data of a caller or the upstream.
    fields: { name: 'string', stack: 'string', requestId: 'string?' },
  },
  /** Once, until `relieved`. */
  strained: {
    level: 'warn',
    message: 'the process is at its limits',
    // `event-loop` with the delay, or `heap` with the size of the live objects.
    fields: { what: 'string', delayMs: 'number?', heapBytes: 'number?', heapLimitBytes: 'number?' },
  },
  relieved: {
    level: 'info',
    message: 'the process is below its limits again',
    fields: { what: 'string', afterMs: 'number' },
  },
  upstreamUnreachable: {
    level: 'warn',
    message: 'the upstream cannot be reached',
    fields: { reason: 'string', requestId: 'string?' },
  },
  /** At most once in ten seconds for each reason. */
  upstreamUnresolved: {
    level: 'warn',
    message: "the upstream's name cannot be resolved: its last known addresses are used",
    fields: { reason: 'string' },
  },
  /** At most once in ten seconds for each reason. */
  upstreamUnusable: {
    level: 'warn',
    message: "the upstream's answer cannot be used",
    fields: { reason: 'string', detail: 'string?', requestId: 'string?' },
  },
  circuitChanged: {
    level: 'warn',
    message: 'the circuit breaker changed its state',
    fields: { state: 'string' },
  },
  /** The first record with this deviation since the start. */
  drift: {
    level: 'warn',
    message: 'records deviate from the contract',
    fields: { endpoint: 'string', kind: 'string', field: 'string' },
  },
  /** Every record with this deviation. Without the name of a new field: the upstream chooses it. */
  driftSeen: {
    level: 'debug',
    message: 'a record deviates from the contract',
    fields: { endpoint: 'string', kind: 'string', field: 'string?' },
  },
  /** A client has received the first event of a subscription. */
  streamBegan: {
    level: 'info',
    message: 'a stream begins',
    fields: {
      requestId: 'string',
      operationName: 'string?',
      transport: 'string',
      // `client` and `document` are as in `request`.
      client: 'string?',
      document: 'string?',
      deprecatedUses: 'strings',
      // The error codes of its first event.
      codes: 'strings',
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
      // The error codes of its last event.
      codes: 'strings',
    },
  },
  /** A WebSocket closed. Its queries and streams have lines of their own. */
  socketClosed: {
    level: 'info',
    message: 'a WebSocket closed',
    fields: {
      requestId: 'string',
      // client_left, misuse, credential, too_slow, age or shutdown.
      reason: 'string',
      operations: 'number',
      durationMs: 'number',
    },
  },
  /** One event was made, for all viewers of a cohort. */
  liveEvent: {
    level: 'debug',
    message: 'an event of a subscription',
    fields: { viewers: 'number' },
  },
  /** At most once a minute, with the number since the last one. */
  pollsSkipped: {
    level: 'warn',
    message: 'polls were skipped, so viewers get changes later: change one of the settings',
    fields: { skipped: 'number', settings: 'strings' },
  },
  /** At most once a minute, with the number since the last one. */
  spansLost: {
    level: 'warn',
    message: 'spans of traces were lost',
    fields: { spans: 'number', reason: 'string' },
  },
  upstreamCall: {
    level: 'debug',
    message: 'a call to the upstream has ended',
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

/** An event, with the fields of its row in the table. */
export type GatewayEvent = {
  [Name in EventName]: { readonly event: Name } & Fields<(typeof events)[Name]>;
}[EventName];

/** Receives events. The rooms know this function, not a logger. */
export type Emit = (event: GatewayEvent) => void;
