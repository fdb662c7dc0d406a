import type { MappedKind } from './failures.ts';

/** How records are polled that somebody watches. */
export interface PollSettings {
  /** From an answer to the next question. */
  readonly intervalMs: number;
  /** Pollers in the process. */
  readonly maxWatched: number;
  /** Pollers of one caller while others are refused one. */
  readonly fairShare: number;
}

/** What an operator can say of the upstream. */
export interface UpstreamSettings {
  /** An origin with an optional path prefix. */
  readonly url: URL;
  readonly tokenIn: 'header' | 'body';
  /** One deadline over waiting, connecting, the repeat and the last byte. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly statusCodes: ReadonlyMap<number, MappedKind>;
  readonly concurrency: number;
  readonly queue: number;
  readonly reuseConnections: boolean;
  readonly polls: PollSettings;
}
