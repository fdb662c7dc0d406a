import { Counter, Gauge } from 'prom-client';
import type { Define } from './define-metric.ts';
import type { Emit } from '../events.ts';
import { PlainHistogram } from './plain-histogram.ts';

// A request takes some milliseconds, its deadline is some seconds.
const buckets = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];

const socketEnds = ['client_left', 'misuse', 'credential', 'too_slow', 'age', 'shutdown'];
const streamEnds = ['finished', 'client_left', 'credential', 'too_slow', 'age', 'shutdown', 'refused'];

/** Defines the metrics that are counted from events. */
export function countEvents(define: Define, errorCodes: readonly string[]): Emit {
  const requests = new PlainHistogram({ ...define('gateway_request_duration_seconds'), buckets });
  for (const outcome of ['ok', 'left', ...errorCodes]) requests.series(outcome);
  const documents = new Counter(define('gateway_documents_total'));
  const clients = new Counter(define('gateway_client_requests_total'));
  const deprecated = new Counter(define('gateway_deprecated_uses_total'));
  const calls = new PlainHistogram({ ...define('gateway_upstream_call_duration_seconds'), buckets });
  const waits = new PlainHistogram({
    ...define('gateway_upstream_wait_duration_seconds'),
    buckets,
  }).series();
  const refused = new Counter(define('gateway_upstream_refused_total'));
  const unusable = new Counter(define('gateway_upstream_unusable_total'));
  const retries = new Counter(define('gateway_upstream_retries_total'));
  const shared = new Counter(define('gateway_upstream_shared_total'));
  const liveEvents = new Counter(define('gateway_live_events_total'));
  const ended = new Counter(define('gateway_live_streams_ended_total'));
  for (const reason of streamEnds) ended.inc({ reason }, 0);
  const closed = new Counter(define('gateway_websockets_closed_total'));
  for (const reason of socketEnds) closed.inc({ reason }, 0);
  const drift = new Counter(define('gateway_drift_total'));
  const defects = new Counter(define('gateway_defects_total'));
  const strained = new Gauge(define('gateway_strained'));
  for (const what of ['event-loop', 'heap']) strained.set({ what }, 0);

  return (event) => {
    switch (event.event) {
      case 'request': {
        const outcome = event.httpStatus === 0 ? 'left' : (event.codes[0] ?? 'ok');
        requests.series(outcome).observe(event.durationMs / 1e3);
        const { client } = event;
        if (client !== undefined) clients.inc({ client, outcome });
        for (const coordinate of event.deprecatedUses ?? [])
          deprecated.inc({ coordinate, client: client ?? '' });
        if (event.document !== undefined) documents.inc({ document: event.document });
        if (event.shared > 0) shared.inc(event.shared);
        break;
      }
      case 'upstreamCall': {
        const { endpoint, outcome, reason, attempts } = event;
        if (attempts === 0 && (reason !== undefined || outcome === 'unauthenticated')) {
          refused.inc({ reason: reason ?? outcome });
          break;
        }
        calls.series(endpoint, outcome).observe(event.durationMs / 1e3);
        waits.observe(event.waitedMs / 1e3);
        if (reason !== undefined) unusable.inc({ endpoint, reason });
        if (attempts > 1) retries.inc(attempts - 1);
        break;
      }
      case 'streamBegan': {
        const { client } = event;
        if (client !== undefined) clients.inc({ client, outcome: event.codes[0] ?? 'ok' });
        for (const coordinate of event.deprecatedUses) deprecated.inc({ coordinate, client: client ?? '' });
        if (event.document !== undefined) documents.inc({ document: event.document });
        break;
      }
      case 'liveEvent':
        liveEvents.inc(event.viewers);
        break;
      case 'streamEnded':
        ended.inc({ reason: event.reason });
        break;
      case 'socketClosed':
        closed.inc({ reason: event.reason });
        break;
      case 'driftSeen':
        drift.inc({ endpoint: event.endpoint, kind: event.kind, field: event.field ?? '' });
        break;
      case 'strained':
        strained.set({ what: event.what }, 1);
        break;
      case 'relieved':
        strained.set({ what: event.what }, 0);
        break;
      case 'defect':
        defects.inc();
        break;
      default:
    }
  };
}
