import process from 'node:process';

/** A terminal and npm both send the signal to the process: the same one again within this time of the first is the first. */
const sameSignalMs = 100;

/** Calls `first` at the first SIGTERM or SIGINT, and `second` at the next one, whichever it is. */
export function onSignals(first: (signal: string) => void, second: (signal: string) => void): void {
  let begun: { readonly signal: string; readonly at: number } | undefined;
  const receive = (signal: string) => {
    if (!begun) {
      begun = { signal, at: performance.now() };
      return first(signal);
    }
    // Not within this time of the last one: a key that is held down would then never end the process.
    if (signal !== begun.signal || performance.now() - begun.at > sameSignalMs) second(signal);
  };
  process.on('SIGTERM', receive);
  process.on('SIGINT', receive);
}
