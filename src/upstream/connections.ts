import type { LookupFunction } from 'node:net';
import { type Dispatcher, Pool } from 'undici';

export interface ConnectionOptions {
  readonly origin: string;
  /** At most so many at once. */
  readonly connections: number;
  readonly reuse: boolean;
  readonly connectTimeoutMs: number;
  /** The name's resolution, where it is not the system's. */
  readonly lookup?: LookupFunction | undefined;
}

/** The connections to the upstream. */
export interface Connections {
  /** For a first attempt: one that is warm, if there is one. */
  warm(): Dispatcher;
  /** For a repeat: a new one each time, so that a repeat cannot meet the next connection that is about to close. */
  readonly fresh: Dispatcher;
  /** Reuses none of the connections that are open now. */
  distrust(): void;
  /** Lets what is under way finish. */
  close(): Promise<void>;
}

/** A connection is given up at this age, so that a name that moves is followed. */
const maxAgeMs = 5000;
const maxHeaderBytes = 16_384;
/** Shorter than the 5 s after which common servers close: who closes first loses no request. */
const idleMs = 4000;

export function createConnections(options: ConnectionOptions): Connections {
  const { origin, connections, connectTimeoutMs, lookup } = options;
  const createPool = (reuse: boolean) =>
    new Pool(origin, {
      connections,
      // 0 sends `connection: close` and reuses nothing.
      pipelining: reuse ? 1 : 0,
      clientTtl: maxAgeMs,
      keepAliveTimeout: idleMs,
      maxHeaderSize: maxHeaderBytes,
      connect: { timeout: connectTimeoutMs, ...(lookup && { lookup }) },
      allowH2: false,
    });
  const fresh = createPool(false);
  let warm = options.reuse ? createPool(true) : fresh;
  return {
    warm: () => warm,
    fresh,
    distrust() {
      if (!options.reuse) return;
      const distrusted = warm;
      warm = createPool(true);
      void distrusted.close();
    },
    async close() {
      await Promise.all([fresh.close(), options.reuse && warm.close()]);
    },
  };
}
