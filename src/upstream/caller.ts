import type { Answer } from './answer/answer.ts';
import type { Signal } from '../base/signal.ts';
import type { Endpoint } from './endpoint.ts';
import type { UpstreamFailure } from './failures.ts';

/** The outcome of a call, and its cost. */
export interface Settled {
  readonly outcome: Answer | UpstreamFailure;
  /** Milliseconds in the queue. */
  readonly waitedMs: number;
  /** Milliseconds from the start to the outcome, including the queue. */
  readonly durationMs: number;
  /** Requests that were sent: 0 if the call was refused before, 2 after a retry. */
  readonly attempts: number;
  /** Whether the request joined a call that another request had started. */
  readonly shared: boolean;
}

/** A query may wait in the queue. A poll never waits: it gives way to queries, and is refused if there is no capacity. */
export type Priority = 'query' | 'poll';

/** The options of a call. A shared call uses those of the request that started it. */
export interface CallOptions {
  /** Aborted when the client has closed the connection. */
  readonly signal: Signal;
  /** Sent on as `x-request-id`. */
  readonly requestId: string;
  /** Sent on as `traceparent`, when there is one. */
  readonly traceparent: string | undefined;
  /** `query` by default. */
  readonly priority?: Priority;
}

/** One answer of a poller. */
export interface Polled {
  readonly outcome: Answer | UpstreamFailure;
  /** Whether it differs from the previous one, apart from fields that move by themselves. True for the first one. */
  readonly changed: boolean;
  /** Whether polling has ended: the record is final, or the upstream refuses permanently. */
  readonly final: boolean;
}

export type Listener = (polled: Polled) => void;

/** One viewer's subscription to a poller. */
export interface Watch {
  /** The newest answer; undefined until there is one. */
  readonly latest: Polled | undefined;
  /**
   * The newest answer if it is younger than one interval, or a failure that persists; otherwise the next one, which is requested at
   * once. Never settles after `leave`.
   */
  current(): Promise<Polled>;
  /** Unsubscribes. The poller stops with its last viewer. */
  leave(): void;
}

/** The right to make calls with one token. Outside `upstream/`, it takes the place of the token. */
export interface Caller {
  /** A hash of the token: equal if and only if the tokens are equal. */
  readonly identity: string;
  /** Calls the endpoint for one ID with this caller's token. Never rejects. */
  call(endpoint: Endpoint, id: string, options: CallOptions): Promise<Settled>;
  /**
   * Polls the endpoint for one ID: one poller serves all viewers of the same caller. The listener receives each
   * answer, never before `watch` has returned. `requestId` is sent with the first call; each later poll has an ID of its own.
   *
   * @returns undefined if the limit of pollers is reached.
   */
  watch(endpoint: Endpoint, id: string, requestId: string, listener: Listener): Watch | undefined;
}
