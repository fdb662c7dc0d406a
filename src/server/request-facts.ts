import type { RequestTrace } from '../observe/tracing/request-trace.ts';

/** The plain values that a request brings besides what it asks. */
export interface RequestFacts {
  readonly requestId: string;
  /** Sent on: the caller's own, or that of the span that this request is. */
  readonly traceparent: string | undefined;
  readonly trace: RequestTrace | undefined;
  /** Aborted when the client has left before its answer was written. */
  readonly signal: AbortSignal;
}
