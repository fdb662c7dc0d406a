import type { Clock } from '../base/clock.ts';
import type { Open } from './listener/connections.ts';
import type { Listening } from './listener/listen.ts';

/** The end of a gateway, step by step. */
export interface Drain {
  /** Whether the end has begun: /readyz answers 503, and each answer closes its connection. */
  readonly draining: boolean;
  /**
   * Goes through the steps: not ready; after `delayMs` no more connections, and the end of streams; after `timeoutMs` more the end of
   * whatever is still open.
   *
   * @returns what was still open then.
   */
  run(listening: Listening, steps: DrainSteps): Promise<Open>;
}

export interface DrainSteps {
  readonly delayMs: number;
  readonly timeoutMs: number;
  /** Ends what does not end by itself, such as a stream. Called once no more connections are taken. */
  readonly endStreams: () => void;
}

export function createDrain(clock: Clock): Drain {
  let draining = false;
  return {
    get draining() {
      return draining;
    },
    async run(listening, { delayMs, timeoutMs, endStreams }) {
      draining = true;
      listening.drain();
      if (delayMs > 0) await new Promise<void>((resolve) => void clock.after(delayMs, resolve));
      const closed = listening.close(timeoutMs);
      endStreams();
      return closed;
    },
  };
}
