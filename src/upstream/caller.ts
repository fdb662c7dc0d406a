import type { Signal } from '../base/signal.ts';
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
  readonly signal: Signal;
  /** Sent on as `x-request-id`. */
  readonly requestId: string;
  /** Sent on as `traceparent`, when there is one. */
  readonly traceparent: string | undefined;
  /** `query` where it is left out. */
  readonly priority?: Priority;
}

/** One answer of a poller. */
export interface Polled {
  readonly outcome: Answer | UpstreamFailure;
  /** Whether it says something else than the one before, but for what moves by itself. The first one does. */
  readonly changed: boolean;
  /** Whether nothing more will come: the record is over, or the question is refused for good. */
  readonly final: boolean;
}

export type Listener = (polled: Polled) => void;

/** One viewer's part in a poller. */
export interface Watch {
  /** The newest answer; undefined until there is one. */
  readonly latest: Polled | undefined;
  /**
   * The newest answer if it is younger than one interval, or a failure that lasts; otherwise the next one, which is asked for at
   * once. Never settles after `leave`.
   */
  current(): Promise<Polled>;
  /** The last viewer to leave ends the poller. */
  leave(): void;
}

/** The right to call as somebody: the only thing outside `upstream/` that a token becomes. */
export interface Caller {
  /** Equal for callers with equal tokens, and for no others: a hash of the token. */
  readonly identity: string;
  /** Asks the endpoint for one ID, in this caller's name. Never rejects. */
  call(endpoint: Endpoint, id: string, options: CallOptions): Promise<Settled>;
  /**
   * Follows the endpoint's answer for one ID: one poller asks for all who watch it in this caller's name. The listener is told of each
   * answer, never before `watch` has returned. `requestId` goes with the first question; polls have IDs of their own.
   *
   * @returns undefined where as many are watched as may be.
   */
  watch(endpoint: Endpoint, id: string, requestId: string, listener: Listener): Watch | undefined;
}
