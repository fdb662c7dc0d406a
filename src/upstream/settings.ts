import type { MappedKind } from './failures.ts';

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
}
