import {
  address,
  clientName,
  commitHash,
  filePath,
  flag,
  type Kind,
  listOf,
  oneOf,
  origin,
  statusCodes,
  tagName,
  upstreamUrl,
  wholeNumber,
} from './kinds.ts';

/** One setting of the environment. */
export interface Setting<T, None = T> {
  readonly name: string;
  /** As it would be written in the environment; empty if it is unset by default. */
  readonly default: string | { readonly production: string; readonly otherwise: string };
  readonly kind: Kind<T>;
  /** The value if it is unset and has no default. */
  readonly none?: None;
  /** One sentence for the table of docs/settings.md. */
  readonly meaning: string;
}

const outsideProduction = { production: 'false', otherwise: 'true' };

const setting = <T>(
  name: string,
  initial: Setting<T>['default'],
  kind: Kind<T>,
  meaning: string,
): Setting<T> => ({ name, default: initial, kind, meaning });

const unset = <T, None>(name: string, none: None, kind: Kind<T>, meaning: string): Setting<T, None> => ({
  name,
  default: '',
  none,
  kind,
  meaning,
});

const milliseconds = (min: number, max = 600_000) => wholeNumber(min, max, 'milliseconds');
const port = wholeNumber(0, 65_535);

/** Every setting of the gateway. The type `Config`, the defaults and the table of docs/settings.md are all derived from this table. */
export const settings = {
  port: setting('PORT', '4000', port, 'The port to listen on; 0 takes any free port.'),
  host: setting(
    'HOST',
    { production: '::', otherwise: '127.0.0.1' },
    address,
    'The address to listen on. If unset in production and the machine has no IPv6: `0.0.0.0`.',
  ),
  nodeEnv: unset(
    'NODE_ENV',
    undefined,
    oneOf('production', 'development', 'test'),
    'In production an upstream is required, and there is no GraphiQL, no introspection and no message that names the schema, unless switched on.',
  ),
  upstreamUrl: unset(
    'UPSTREAM_URL',
    undefined,
    upstreamUrl,
    'The upstream: an origin with an optional path prefix. Unset, outside production, the embedded simulator answers. For a private CA set `NODE_EXTRA_CA_CERTS`.',
  ),
  upstreamTokenIn: setting(
    'UPSTREAM_TOKEN_IN',
    'header',
    oneOf('header', 'body'),
    'Where the upstream expects the token: in the `token` header or in the JSON body.',
  ),
  upstreamTimeoutMs: setting(
    'UPSTREAM_TIMEOUT_MS',
    '5000',
    milliseconds(1),
    'One deadline for a whole call upstream: waiting in the queue, connecting, the retry, and reading the answer.',
  ),
  upstreamMaxBytes: setting(
    'UPSTREAM_MAX_BYTES',
    '65536',
    wholeNumber(1, 16_777_216, 'bytes'),
    'Maximum size of an answer of the upstream; a longer one is refused.',
  ),
  upstreamStatusCodes: unset(
    'UPSTREAM_STATUS_CODES',
    new Map<never, never>(),
    statusCodes,
    'Business statuses that mean more than a rejection, such as `10001=UNAUTHENTICATED,50013=NOT_FOUND`; also FORBIDDEN and UPSTREAM_UNAVAILABLE.',
  ),
  upstreamConcurrency: setting(
    'UPSTREAM_CONCURRENCY',
    '64',
    wholeNumber(1, 10_000),
    'Maximum number of concurrent calls to the upstream.',
  ),
  upstreamQueue: setting(
    'UPSTREAM_QUEUE',
    '256',
    wholeNumber(0, 10_000),
    'Maximum number of calls in the queue. Callers take turns (round-robin), so that none can fill the queue for the others.',
  ),
  upstreamReuseConnections: setting(
    'UPSTREAM_REUSE_CONNECTIONS',
    'true',
    flag,
    'Whether a connection to the upstream serves more than one call. `false` rules out [stray answers](operating.md#when-the-upstream-is-not-well).',
  ),
  maxUpstreamCalls: setting(
    'MAX_UPSTREAM_CALLS',
    '100',
    wholeNumber(1, 10_000),
    'Maximum number of calls upstream that one operation may need; more are refused before the first call.',
  ),
  maxRequestBytes: setting(
    'MAX_REQUEST_BYTES',
    '131072',
    wholeNumber(1, 16_777_216, 'bytes'),
    'Maximum size of a request body; a longer one is refused (413).',
  ),
  maxRequests: setting(
    'MAX_REQUESTS',
    '4096',
    wholeNumber(1, 100_000),
    'Maximum number of concurrent requests, streams not counted; more are refused (503, `OVERLOADED`).',
  ),
  maxDocumentTokens: setting(
    'MAX_DOCUMENT_TOKENS',
    '1000',
    wholeNumber(1, 100_000),
    'Maximum number of tokens, and of lines, of a document; a longer one is refused.',
  ),
  maxAnswerBytes: setting(
    'MAX_ANSWER_BYTES',
    '4194304',
    wholeNumber(1024, 67_108_864, 'bytes'),
    'Maximum size of an answer to a client; an operation with a longer one ends with `ANSWER_TOO_LARGE`.',
  ),
  liveIntervalMs: setting(
    'LIVE_INTERVAL_MS',
    '2000',
    milliseconds(100),
    'Polling interval for a conference that somebody watches, from one answer of the upstream to the next call.',
  ),
  liveMaxWatched: setting(
    'LIVE_MAX_WATCHED',
    '1000',
    wholeNumber(1, 100_000),
    'Maximum number of conferences that are polled at once, counted per caller; one caller may have half of them.',
  ),
  liveMaxStreams: setting(
    'LIVE_MAX_STREAMS',
    '5000',
    wholeNumber(1, 9000),
    'Maximum number of open streams.',
  ),
  liveMaxAgeMs: setting(
    'LIVE_MAX_AGE_MS',
    '1800000',
    milliseconds(1000, 86_400_000),
    'Maximum age of a stream, ± 10 %; then the client has to reconnect.',
  ),
  keepAliveMs: setting(
    'KEEP_ALIVE_MS',
    '75000',
    milliseconds(1000, 3_600_000),
    "How long an idle connection stays open after an answer. It must be longer than the load balancer's idle timeout.",
  ),
  drainDelayMs: setting(
    'DRAIN_DELAY_MS',
    { production: '2000', otherwise: '0' },
    milliseconds(0),
    'How long new connections are still accepted after SIGTERM, while `/readyz` answers 503: the time that the load balancer needs to notice.',
  ),
  drainTimeoutMs: setting(
    'DRAIN_TIMEOUT_MS',
    '20000',
    milliseconds(0),
    'How long requests may go on after that delay; then the process closes what is still open and ends.',
  ),
  graphiql: setting('GRAPHIQL', outsideProduction, flag, 'Whether a browser gets GraphiQL at `/graphql`.'),
  introspection: setting(
    'INTROSPECTION',
    outsideProduction,
    flag,
    'Whether clients may query the schema (`__schema`, `_service`), and error messages may name parts of it.',
  ),
  corsOrigins: unset(
    'CORS_ORIGINS',
    [],
    listOf(origin),
    "Origins whose pages may send requests from a browser. Unset: only the gateway's own.",
  ),
  trustedDocuments: unset(
    'TRUSTED_DOCUMENTS',
    undefined,
    filePath,
    "A file of persisted documents, as codegen's client preset writes it: hash and document. Read again on SIGHUP. For a gateway that browsers reach, not for a subgraph behind a router.",
  ),
  trustedDocumentsOnly: setting(
    'TRUSTED_DOCUMENTS_ONLY',
    'true',
    flag,
    'Whether only those documents are executed. `false` during a migration: others run too, and are counted.',
  ),
  clients: unset(
    'CLIENTS',
    [],
    listOf(clientName),
    'Names of clients, as they send them in `apollographql-client-name`, `graphql-client-name` or `x-graphql-client-name`, that become a label of metrics; any other is `other`.',
  ),
  excludeTags: unset(
    'EXCLUDE_TAGS',
    [],
    listOf(tagName),
    'Removes every part of the schema that has one of these tags, such as `pii,secret`.',
  ),
  logLevel: setting(
    'LOG_LEVEL',
    'info',
    oneOf('debug', 'info', 'warn', 'error', 'silent'),
    'The least severe level that is logged: JSON lines on stdout, readable text on a terminal.',
  ),
  metricsPort: unset('METRICS_PORT', undefined, port, 'Serves Prometheus text at `/metrics` on this port.'),
  commit: unset(
    'COMMIT',
    undefined,
    commitHash,
    "The commit that the first log line and the metrics name; an image sets it. Unset: the checkout's commit.",
  ),
  simulatorPort: setting(
    'SIMULATOR_PORT',
    '4001',
    port,
    'The port of `npm run simulator`. The gateway itself does not use it.',
  ),
  simulatorHost: setting(
    'SIMULATOR_HOST',
    '127.0.0.1',
    address,
    'The address that `npm run simulator` listens on; `0.0.0.0` in a container.',
  ),
} satisfies Record<string, Setting<unknown, unknown>>;
