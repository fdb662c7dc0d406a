export interface MetricRow {
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** One sentence: the text that Prometheus shows, and docs/observability.md. */
  readonly help: string;
  /** Labels whose values are of closed sets: no caller and no upstream chooses one. */
  readonly labels?: readonly string[];
}

/** Every metric there is, by its name in Prometheus. */
export const metricRows = {
  gateway_request_duration_seconds: {
    type: 'histogram',
    help: 'Requests to /graphql, from their head to the last byte of the answer; outcome is ok, left (the client was gone first) or the code of the first error.',
    labels: ['outcome'],
  },
  gateway_documents_total: {
    type: 'counter',
    help: 'Operations by their document, where there is a list of trusted ones: trusted, or other.',
    labels: ['document'],
  },
  gateway_client_requests_total: {
    type: 'counter',
    help: 'Requests to /graphql by client, where CLIENTS lists some: any other is other; outcome is as above.',
    labels: ['client', 'outcome'],
  },
  gateway_deprecated_uses_total: {
    type: 'counter',
    help: 'Operations that use what the schema deprecates, by its schema coordinate; client is empty where CLIENTS lists none.',
    labels: ['coordinate', 'client'],
  },
  gateway_plan_answers_total: {
    type: 'counter',
    help: 'Answers on the short path: a plan wrote them, without the ordinary execution.',
  },
  gateway_plan_handovers_total: {
    type: 'counter',
    help: 'Times that a plan was tried and the ordinary execution answered, above all because of an error.',
  },
  gateway_upstream_call_duration_seconds: {
    type: 'histogram',
    help: 'Calls upstream, from their asking to their outcome, waiting and the repeat included; without those that were refused.',
    labels: ['endpoint', 'outcome'],
  },
  gateway_upstream_wait_duration_seconds: {
    type: 'histogram',
    help: 'How long those calls waited for a turn.',
  },
  gateway_upstream_refused_total: {
    type: 'counter',
    help: 'Calls that were refused before anything was sent: circuit-open, queue-full, queue-cut, no-chance; no-room (a poll gave way); unauthenticated (the upstream refused the token while they waited).',
    labels: ['reason'],
  },
  gateway_upstream_unusable_total: {
    type: 'counter',
    help: 'Calls that were sent and brought no usable answer, by what was wrong with it.',
    labels: ['endpoint', 'reason'],
  },
  gateway_upstream_retries_total: { type: 'counter', help: 'Calls that were sent a second time.' },
  gateway_upstream_shared_total: {
    type: 'counter',
    help: 'Times that a request joined a call under way instead of making one.',
  },
  gateway_upstream_in_flight: { type: 'gauge', help: 'Calls upstream under way.' },
  gateway_upstream_waiting: { type: 'gauge', help: 'Calls that wait for a turn.' },
  gateway_upstream_accepted_tokens: {
    type: 'gauge',
    help: 'Tokens that the upstream has answered with status 0 within the last ten minutes; at most 10,000.',
  },
  gateway_upstream_circuit: {
    type: 'gauge',
    help: 'The state of the circuit: 1 for the one that it is in.',
    labels: ['state'],
  },
  gateway_live_streams: { type: 'gauge', help: 'Streams of subscriptions that are open.' },
  gateway_live_pollers: { type: 'gauge', help: 'What is polled for viewers: one for each caller and ID.' },
  gateway_live_pollers_failing: { type: 'gauge', help: 'Of those, how many the upstream fails to answer.' },
  gateway_live_events_total: { type: 'counter', help: 'Events sent to viewers.' },
  gateway_live_streams_ended_total: {
    type: 'counter',
    help: 'Streams that ended, and those refused: finished, client_left, credential, too_slow, age, shutdown, refused.',
    labels: ['reason'],
  },
  gateway_drift_total: {
    type: 'counter',
    help: "Records unlike the contract, by the contract's field; a new field has no name here.",
    labels: ['endpoint', 'kind', 'field'],
  },
  gateway_defects_total: { type: 'counter', help: 'Defects of the gateway: each is in the log.' },
  gateway_log_lines_dropped_total: {
    type: 'counter',
    help: 'Lines of the log that were dropped because its reader did not read and 8 MB of them waited.',
  },
  gateway_connections: { type: 'gauge', help: 'Connections of clients.' },
  gateway_requests_under_way: {
    type: 'gauge',
    help: 'Requests that have a place among `MAX_REQUESTS`; streams have none.',
  },
  gateway_request_bytes: { type: 'gauge', help: 'Bytes of the bodies of those requests, 64 MB at most.' },
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
    help: 'How late the event loop was at worst since the last scrape.',
  },
  gateway_build_info: { type: 'gauge', help: 'What runs; always 1.', labels: ['version', 'commit', 'node'] },
  nodejs_heap_used_bytes: { type: 'gauge', help: 'Memory that objects take.' },
  nodejs_heap_limit_bytes: {
    type: 'gauge',
    help: 'Memory that live objects may take: the process ends beyond it.',
  },
  process_resident_memory_bytes: { type: 'gauge', help: 'Memory that the process takes.' },
  process_cpu_seconds_total: { type: 'counter', help: 'CPU time of the process.' },
  process_start_time_seconds: { type: 'gauge', help: 'When the process started, in Unix seconds.' },
} as const satisfies Readonly<Record<string, MetricRow>>;

export type MetricName = keyof typeof metricRows;
