export interface MetricRow {
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** One sentence, for Prometheus and for docs/observability.md. */
  readonly help: string;
  /** Labels. Their values come from closed sets: no caller and no upstream can invent one. */
  readonly labels?: readonly string[];
}

/** Every metric, by its name in Prometheus. */
export const metricRows = {
  gateway_request_duration_seconds: {
    type: 'histogram',
    help: 'Duration of requests to /graphql, from the end of the headers to the last byte of the answer; outcome is ok, left (the client closed the connection first) or the code of the first error.',
    labels: ['outcome'],
  },
  gateway_documents_total: {
    type: 'counter',
    help: 'Operations by their document if TRUSTED_DOCUMENTS is set: trusted, or other.',
    labels: ['document'],
  },
  gateway_client_requests_total: {
    type: 'counter',
    help: 'Requests to /graphql, streams and operations of WebSockets by client if CLIENTS is set; a client that it does not list is other. outcome is as above; that of a stream is the outcome of its first event.',
    labels: ['client', 'outcome'],
  },
  gateway_deprecated_uses_total: {
    type: 'counter',
    help: 'Operations that use a deprecated part of the schema, by its schema coordinate; client is empty if CLIENTS is not set.',
    labels: ['coordinate', 'client'],
  },
  gateway_plan_answers_total: {
    type: 'counter',
    help: 'Answers that the short path gave, without the executor.',
  },
  gateway_plan_handovers_total: {
    type: 'counter',
    help: 'Requests that the short path handed over to the executor, such as for a limit that is reached.',
  },
  gateway_upstream_call_duration_seconds: {
    type: 'histogram',
    help: 'Duration of calls upstream, including the time in the queue and the retry; without calls that were refused.',
    labels: ['endpoint', 'outcome'],
  },
  gateway_upstream_wait_duration_seconds: {
    type: 'histogram',
    help: 'How long those calls waited in the queue.',
  },
  gateway_upstream_refused_total: {
    type: 'counter',
    help: 'Calls that were refused before anything was sent: circuit-open, queue-full, queue-cut, no-chance; no-room (a poll gave way to a query); unauthenticated (the upstream refused the token while the call waited).',
    labels: ['reason'],
  },
  gateway_upstream_unusable_total: {
    type: 'counter',
    help: 'Calls that were sent and got no usable answer, by the reason.',
    labels: ['endpoint', 'reason'],
  },
  gateway_upstream_retries_total: { type: 'counter', help: 'Retries of calls upstream.' },
  gateway_upstream_shared_total: {
    type: 'counter',
    help: 'Calls of a request that joined a call in flight instead of making a new one.',
  },
  gateway_upstream_in_flight: { type: 'gauge', help: 'Calls upstream in flight.' },
  gateway_upstream_waiting: { type: 'gauge', help: 'Calls in the queue.' },
  gateway_upstream_accepted_tokens: {
    type: 'gauge',
    help: 'Tokens that the upstream has answered with status 0 within the last ten minutes; at most 10,000.',
  },
  gateway_upstream_circuit: {
    type: 'gauge',
    help: 'The state of the circuit breaker: 1 for the current one.',
    labels: ['state'],
  },
  gateway_live_streams: { type: 'gauge', help: 'Open streams of subscriptions.' },
  gateway_live_pollers: { type: 'gauge', help: 'Pollers for viewers: one for each caller and ID.' },
  gateway_live_pollers_failing: { type: 'gauge', help: 'Pollers whose last call failed.' },
  gateway_live_events_total: { type: 'counter', help: 'Events sent to viewers.' },
  gateway_live_streams_ended_total: {
    type: 'counter',
    help: 'Streams that ended or were refused: finished, client_left, credential, too_slow, age, shutdown, refused.',
    labels: ['reason'],
  },
  gateway_websockets: { type: 'gauge', help: 'WebSockets that are open.' },
  gateway_websockets_closed_total: {
    type: 'counter',
    help: 'WebSockets that closed: client_left, misuse (of the protocol, or too much of it), credential, too_slow, age, shutdown.',
    labels: ['reason'],
  },
  gateway_drift_total: {
    type: 'counter',
    help: "Records that deviate from the contract, by the contract's field; field is empty for a field that the contract does not have.",
    labels: ['endpoint', 'kind', 'field'],
  },
  gateway_defects_total: { type: 'counter', help: 'Defects of the gateway: each is in the log.' },
  gateway_log_lines_dropped_total: {
    type: 'counter',
    help: 'Log lines that were dropped because the reader of stdout did not read and 8 MB were buffered.',
  },
  gateway_connections: { type: 'gauge', help: 'Connections of clients.' },
  gateway_requests_under_way: {
    type: 'gauge',
    help: 'Concurrent requests that count towards MAX_REQUESTS; streams do not count.',
  },
  gateway_request_bytes: {
    type: 'gauge',
    help: 'Bytes of the bodies of those requests; the limit is 64 MB.',
  },
  gateway_strained: {
    type: 'gauge',
    help: 'Whether the process is at its limits: event-loop (late by over 250 ms for a second), heap (live objects take over 85 %).',
    labels: ['what'],
  },
  gateway_event_loop_delay_p99_seconds: {
    type: 'gauge',
    help: 'How late the event loop was since the last scrape, 99th percentile.',
  },
  gateway_event_loop_delay_max_seconds: {
    type: 'gauge',
    help: 'How late the event loop was since the last scrape, maximum.',
  },
  gateway_build_info: {
    type: 'gauge',
    help: 'The version that runs; always 1.',
    labels: ['version', 'commit', 'node'],
  },
  nodejs_heap_used_bytes: { type: 'gauge', help: 'Heap memory in use.' },
  nodejs_heap_limit_bytes: {
    type: 'gauge',
    help: 'Heap memory at which V8 ends the process.',
  },
  process_resident_memory_bytes: { type: 'gauge', help: 'Resident memory of the process.' },
  process_cpu_seconds_total: { type: 'counter', help: 'CPU time of the process.' },
  process_start_time_seconds: { type: 'gauge', help: 'When the process started, in Unix seconds.' },
} as const satisfies Readonly<Record<string, MetricRow>>;

export type MetricName = keyof typeof metricRows;
