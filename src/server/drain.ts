import type { Clock } from '../base/clock.ts';
import type { Open } from './listener/connections.ts';
import type { Listening } from './listener/listen.ts';

/** The steps of a graceful shutdown. */
export interface Drain {
  /** True from the start of the shutdown on: `/readyz` answers 503, and answers say `connection: close`. */
  readonly draining: boolean;
  /** Shuts down. Returns what was still open at the end, and was destroyed. */
  run(listening: Listening, steps: DrainSteps): Promise<Open>;
}

export interface DrainSteps {
  /** How long new connections are still accepted. */
  readonly delayMs: number;
  /** How long requests and streams may take to end after that. */
  readonly timeoutMs: number;
  /** Called when no new connections are accepted any more: streams do not end by themselves. */
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
