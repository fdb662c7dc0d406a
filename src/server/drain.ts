import type { Clock } from '../base/clock.ts';
import type { Open } from './listener/connections.ts';
import type { Listening } from './listener/listen.ts';

/** The end of a gateway, step by step, as its other rooms see it. */
export interface Drain {
  /** Since the end was asked for: /readyz answers 503, and answers close their connections. */
  readonly draining: boolean;
  /** Aborted once no more connections are taken. What has no end of its own, such as a stream, ends from then on. */
  readonly closing: AbortSignal;
  /**
   * Goes through the steps: not ready, `delayMs` later no more connections, `timeoutMs` after that the end of whatever is open.
   * Returns what was ended so.
   */
  run(listening: Listening, delayMs: number, timeoutMs: number): Promise<Open>;
}

export function createDrain(clock: Clock): Drain {
  const closing = new AbortController();
  let draining = false;
  return {
    get draining() {
      return draining;
    },
    closing: closing.signal,
    async run(listening, delayMs, timeoutMs) {
      draining = true;
      listening.drain();
      if (delayMs > 0) await new Promise<void>((resolve) => void clock.after(delayMs, resolve));
      const closed = listening.close(timeoutMs);
      closing.abort();
      return closed;
    },
  };
}
