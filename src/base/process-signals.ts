import process from 'node:process';

/** A terminal and npm both send the signal to the process. The same signal within this time of the first is that duplicate. */
const duplicateMs = 100;

/** Calls `first` at the first SIGTERM or SIGINT, and `second` at every later one, whichever of the two it is. */
export function onSignals(first: (signal: string) => void, second: (signal: string) => void): void {
  let received: { readonly signal: string; readonly at: number } | undefined;
  const receive = (signal: string) => {
    if (!received) {
      received = { signal, at: performance.now() };
      return first(signal);
    }
    // The time since the first signal, not since the previous one: otherwise a key that is held down would never end the process.
    if (signal !== received.signal || performance.now() - received.at > duplicateMs) second(signal);
  };
  process.on('SIGTERM', receive);
  process.on('SIGINT', receive);
}
