import type { Signal } from '../base/signal.ts';
import type { RequestTrace } from '../observe/tracing/request-trace.ts';

/** What the other rooms know about a request, apart from its operation. */
export interface RequestFacts {
  readonly requestId: string;
  /** One of `CLIENTS`, or `other`; undefined if `CLIENTS` is empty. */
  readonly client: string | undefined;
  /** Sent upstream: the header of the client, or of this request's own span if traces are on. */
  readonly traceparent: string | undefined;
  readonly trace: RequestTrace | undefined;
  /** Aborted if the client leaves before its answer is written. */
  readonly signal: Signal;
}
