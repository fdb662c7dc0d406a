import type { Signal } from '../base/signal.ts';
import type { RequestTrace } from '../observe/tracing/request-trace.ts';

/** The plain values that a request brings besides what it asks. */
export interface RequestFacts {
  readonly requestId: string;
  /** One of `CLIENTS`, or `other`; undefined where none are listed. */
  readonly client: string | undefined;
  /** Sent on: the caller's own, or that of the span that this request is. */
  readonly traceparent: string | undefined;
  readonly trace: RequestTrace | undefined;
  /** Aborted when the client has left before its answer was written. */
  readonly signal: Signal;
}
