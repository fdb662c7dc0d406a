import type { RequestTrace } from '../observe/tracing/request-trace.ts';
import type { Caller, CallOptions, Settled } from '../upstream/caller.ts';
import type { Endpoint } from '../upstream/endpoint.ts';

/** Makes a call in a span of its own. The upstream gets the span's `traceparent`. */
export async function tracedCall(
  trace: RequestTrace,
  caller: Pick<Caller, 'call'>,
  endpoint: Endpoint,
  id: string,
  { requestId, signal }: CallOptions,
): Promise<Settled> {
  const span = trace.beginCall(endpoint);
  const settled = await caller.call(endpoint, id, {
    requestId,
    signal,
    traceparent: span.traceparent,
  });
  const { outcome, waitedMs, attempts, shared } = settled;
  span.end({
    error: outcome.kind === 'answer' ? undefined : 'reason' in outcome ? outcome.reason : outcome.kind,
    httpStatus: 'answered' in outcome ? outcome.answered?.httpStatus : undefined,
    waitedMs,
    attempts,
    shared,
  });
  return settled;
}
