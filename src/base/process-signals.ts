import process from 'node:process';

/** A terminal and npm both send the signal to the process. The same signal within this time of the first is that duplicate. */
const duplicateMs = 100;

export interface SignalHandlers {
  /** Called once, by the first signal. */
  readonly end: (signal: string) => void;
  /** Called by each SIGTERM or SIGINT after the first one. */
  readonly endNow: (signal: string) => void;
  /** Called by SIGHUP. Without it, SIGHUP ends the process like SIGTERM. */
  readonly reload?: (() => void) | undefined;
}

/**
 * Handles SIGTERM, SIGINT and SIGHUP. SIGHUP never counts as a second signal: systemd (`SendSIGHUP`) and a closing terminal send it beside
 * SIGTERM, and by default it would cut what is under way.
 */
export function onSignals({ end, endNow, reload }: SignalHandlers): void {
  let isEnding = false;
  const begin = (signal: string) => {
    if (isEnding) return;
    isEnding = true;
    end(signal);
  };

  let received: { readonly signal: string; readonly at: number } | undefined;
  const receive = (signal: string) => {
    if (!received) {
      received = { signal, at: performance.now() };
      return begin(signal);
    }
    // Measured from the first signal, not from the previous one: a key that is held down would then never end the process.
    if (signal !== received.signal || performance.now() - received.at > duplicateMs) endNow(signal);
  };
  process.on('SIGTERM', receive);
  process.on('SIGINT', receive);
  process.on('SIGHUP', reload ?? begin);
}
