import { Gauge, Registry } from 'prom-client';
import { defineIn, measured, measuredCounter } from './define-metric.ts';
import { countEvents } from './event-metrics.ts';
import type { Emit } from '../events.ts';
import { measureProcess } from './process-metrics.ts';

export interface MetricsOptions {
  /** All error codes. Every outcome starts at 0, so that increase() sees the first one. */
  readonly errorCodes: readonly string[];
  /** Asked at each scrape. */
  readonly upstreamState: () => {
    readonly inFlight: number;
    readonly waiting: number;
    readonly acceptedTokens: number;
    readonly circuit: string;
    readonly polls: { readonly pollers: number; readonly failing: number };
  };
  /** Asked at each scrape. */
  readonly openStreams: () => number;
  /** The total since the start, read at each scrape. */
  readonly droppedLogLines: () => number;
  /** The totals of the short path, read at each scrape. */
  readonly plans: () => { readonly answers: number; readonly handOvers: number };
  /** Asked at each scrape. */
  readonly serverState: () => {
    readonly connections: number;
    readonly webSockets: number;
    readonly requests: number;
    readonly bodyBytes: number;
  };
  readonly version: string;
  /** Undefined if it is not known. */
  readonly commit: string | undefined;
}

/** The metrics of one gateway: counted from its events, or measured at each scrape. */
export interface Metrics {
  readonly count: Emit;
  readonly contentType: string;
  /** In Prometheus' text format. */
  read(): Promise<string>;
  /** Stops watching the event loop. */
  close(): void;
}

const circuitStates = ['closed', 'open', 'half-open'];

export function createMetrics({
  errorCodes,
  upstreamState,
  openStreams,
  droppedLogLines,
  plans,
  serverState,
  version,
  commit,
}: MetricsOptions): Metrics {
  const registry = new Registry();
  const define = defineIn(registry);

  const count = countEvents(define, errorCodes);
  measuredCounter(define, 'gateway_plan_answers_total', () => plans().answers);
  measuredCounter(define, 'gateway_plan_handovers_total', () => plans().handOvers);
  measured(define, 'gateway_upstream_in_flight', () => upstreamState().inFlight);
  measured(define, 'gateway_upstream_waiting', () => upstreamState().waiting);
  measured(define, 'gateway_upstream_accepted_tokens', () => upstreamState().acceptedTokens);
  measured(define, 'gateway_live_streams', openStreams);
  measured(define, 'gateway_live_pollers', () => upstreamState().polls.pollers);
  measured(define, 'gateway_live_pollers_failing', () => upstreamState().polls.failing);
  measured(define, 'gateway_websockets', () => serverState().webSockets);
  measured(define, 'gateway_connections', () => serverState().connections);
  measured(define, 'gateway_requests_under_way', () => serverState().requests);
  measured(define, 'gateway_request_bytes', () => serverState().bodyBytes);
  const circuit = new Gauge({
    ...define('gateway_upstream_circuit'),
    collect() {
      const current = upstreamState().circuit;
      for (const state of circuitStates) circuit.set({ state }, state === current ? 1 : 0);
    },
  });
  measuredCounter(define, 'gateway_log_lines_dropped_total', droppedLogLines);
  const build = new Gauge(define('gateway_build_info'));
  build.set({ version, commit: commit ?? '', node: process.version }, 1);
  const eventLoop = measureProcess(define);

  return {
    count,
    contentType: registry.contentType,
    async read() {
      const text = await registry.metrics();
      eventLoop.reset();
      return text;
    },
    close: () => void eventLoop.disable(),
  };
}
