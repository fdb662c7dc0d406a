import type { RawRecord } from './contract.ts';
import type { Endpoint } from './endpoint.ts';
import type { Answered, UpstreamFailure } from './failures.ts';

/** A good answer. */
export interface Answer {
  readonly kind: 'answer';
  /** Null when the upstream answers that all is well and gives no record. */
  readonly record: RawRecord | null;
  /** The envelope's `timestamp` as it came, to be decoded as Unix milliseconds. */
  readonly timestamp: unknown;
  /** For the error of a single field that cannot be read. */
  readonly answered: Answered;
}

/** What a call came to, and what it cost. */
export interface Settled {
  readonly outcome: Answer | UpstreamFailure;
  /** Milliseconds spent waiting for a turn. */
  readonly waitedMs: number;
  /** Milliseconds from the asking to the outcome, the waiting included. */
  readonly durationMs: number;
  /** Requests that were sent: 0 when refused before, 2 after a retry. */
  readonly attempts: number;
  /** Whether this asker joined a call that another had begun. */
  readonly shared: boolean;
}

/** A query waits for a turn where it has to. A poll never waits: it gives way to queries, and is refused where there is no room. */
export type Priority = 'query' | 'poll';

/** What goes with a call besides the ID. For a shared call, the first asker's. */
export interface CallOptions {
  /** Aborted when the asker has left. */
  readonly signal: AbortSignal;
  /** Sent on as `x-request-id`. */
  readonly requestId: string;
  /** Sent on as `traceparent`, when there is one. */
  readonly traceparent: string | undefined;
  /** `query` where it is left out. */
  readonly priority?: Priority;
}

/** The right to call as somebody: the only thing outside `upstream/` that a token becomes. */
export interface Caller {
  /** Asks the endpoint for one ID, in this caller's name. Never rejects. */
  call(endpoint: Endpoint, id: string, options: CallOptions): Promise<Settled>;
}
