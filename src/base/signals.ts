import process from 'node:process';

/** A terminal and npm both send the signal to the process: a second one within this time is the same one. */
const sameSignalMs = 100;

/** Calls `first` at the first SIGTERM or SIGINT, and `second` at the next one, whichever it is. */
export function onSignals(first: (signal: string) => void, second: (signal: string) => void): void {
  let last: { readonly signal: string; readonly at: number } | undefined;
  const receive = (signal: string) => {
    const before = last;
    last = { signal, at: performance.now() };
    if (!before) return first(signal);
    if (signal !== before.signal || last.at - before.at > sameSignalMs) second(signal);
  };
  process.on('SIGTERM', receive);
  process.on('SIGINT', receive);
}
