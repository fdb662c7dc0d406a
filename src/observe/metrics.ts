import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Emit, GatewayEvent } from './events.ts';
import { type MetricName, type MetricRow, metricRows } from './metric-rows.ts';

export interface MetricsOptions {
  /** The closed set of codes: an outcome that never was is then 0 instead of missing, so that its first time is seen. */
  readonly errorCodes: readonly string[];
  /** Asked at each scrape. */
  readonly upstreamState: () => {
    readonly inFlight: number;
    readonly waiting: number;
    readonly circuit: string;
  };
  readonly version: string;
  /** Undefined where it is not known. */
  readonly commit: string | undefined;
}

/** The metrics of one gateway: counted from its events, and measured when they are asked for. */
export interface Metrics {
  readonly count: Emit;
  readonly contentType: string;
  /** In Prometheus' text format. */
  read(): Promise<string>;
  /** Stops watching the event loop. */
  close(): void;
}

const circuitStates = ['closed', 'open', 'half-open'];
// A request is some milliseconds, its deadline some seconds.
const buckets = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];
const delayResolutionMs = 10;

export function createMetrics({ errorCodes, upstreamState, version, commit }: MetricsOptions): Metrics {
  const registry = new Registry();
  const rows: Readonly<Record<MetricName, MetricRow>> = metricRows;
  const row = (name: MetricName) => {
    const { help, labels = [] } = rows[name];
    return { name, help, labelNames: labels, registers: [registry] };
  };
  const gauge = (name: MetricName, measure: () => number) =>
    new Gauge({
      ...row(name),
      collect() {
        this.set(measure());
      },
    });

  const requests = new Histogram({ ...row('gateway_request_duration_seconds'), buckets });
  for (const outcome of ['ok', 'left', ...errorCodes]) requests.zero({ outcome });
  const calls = new Histogram({ ...row('gateway_upstream_call_duration_seconds'), buckets });
  const waits = new Histogram({ ...row('gateway_upstream_wait_duration_seconds'), buckets });
  const refused = new Counter(row('gateway_upstream_refused_total'));
  const unusable = new Counter(row('gateway_upstream_unusable_total'));
  const retries = new Counter(row('gateway_upstream_retries_total'));
  const shared = new Counter(row('gateway_upstream_shared_total'));
  const drift = new Counter(row('gateway_drift_total'));
  const defects = new Counter(row('gateway_defects_total'));

  gauge('gateway_upstream_in_flight', () => upstreamState().inFlight);
  gauge('gateway_upstream_waiting', () => upstreamState().waiting);
  const circuit = new Gauge({
    ...row('gateway_upstream_circuit'),
    collect() {
      const current = upstreamState().circuit;
      for (const state of circuitStates) circuit.set({ state }, state === current ? 1 : 0);
    },
  });

  const delay = monitorEventLoopDelay({ resolution: delayResolutionMs });
  delay.enable();
  // The watch wakes once in its resolution: only what is beyond that is delay.
  const lateSeconds = (nanoseconds: number) =>
    delay.count === 0 ? 0 : Math.max(0, nanoseconds / 1e9 - delayResolutionMs / 1e3);
  gauge('gateway_event_loop_delay_p99_seconds', () => lateSeconds(delay.percentile(99)));
  gauge('gateway_event_loop_delay_max_seconds', () => lateSeconds(delay.max));

  const build = new Gauge(row('gateway_build_info'));
  build.set({ version, commit: commit ?? '', node: process.version }, 1);
  gauge('nodejs_heap_used_bytes', () => process.memoryUsage().heapUsed);
  gauge('process_resident_memory_bytes', () => process.memoryUsage.rss());
  const cpu = new Counter({
    ...row('process_cpu_seconds_total'),
    collect() {
      const { user, system } = process.cpuUsage();
      cpu.reset();
      cpu.inc((user + system) / 1e6);
    },
  });
  gauge('process_start_time_seconds', () => performance.timeOrigin / 1e3);

  const count = (event: GatewayEvent) => {
    switch (event.event) {
      case 'request': {
        const outcome = event.httpStatus === 0 ? 'left' : (event.codes[0] ?? 'ok');
        requests.observe({ outcome }, event.durationMs / 1e3);
        if (event.shared > 0) shared.inc(event.shared);
        break;
      }
      case 'upstreamCall': {
        const { endpoint, outcome, reason, attempts } = event;
        if (reason !== undefined && attempts === 0) refused.inc({ reason });
        else {
          calls.observe({ endpoint, outcome }, event.durationMs / 1e3);
          waits.observe(event.waitedMs / 1e3);
          if (reason !== undefined) unusable.inc({ endpoint, reason });
          if (attempts > 1) retries.inc(attempts - 1);
        }
        break;
      }
      case 'driftSeen':
        drift.inc({ endpoint: event.endpoint, kind: event.kind, field: event.field ?? '' });
        break;
      case 'defect':
        defects.inc();
        break;
      default:
    }
  };

  return {
    count,
    contentType: registry.contentType,
    async read() {
      const text = await registry.metrics();
      delay.reset();
      return text;
    },
    close: () => delay.disable(),
  };
}
