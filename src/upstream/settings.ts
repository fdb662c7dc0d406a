import type { MappedKind } from './failures.ts';

/** How watched records are polled. */
export interface PollSettings {
  /** From an answer to the next call. */
  readonly intervalMs: number;
  /** Maximum number of pollers in the process. */
  readonly maxWatched: number;
  /** Pollers of one caller while others are refused one. */
  readonly fairShare: number;
}

/** The operator's settings for the upstream. */
export interface UpstreamSettings {
  /** An origin with an optional path prefix. */
  readonly url: URL;
  readonly tokenIn: 'header' | 'body';
  /** One deadline for queue, connection, retry and the whole answer. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly statusCodes: ReadonlyMap<number, MappedKind>;
  readonly concurrency: number;
  readonly queue: number;
  readonly reuseConnections: boolean;
  readonly polls: PollSettings;
}
