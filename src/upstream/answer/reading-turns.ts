/** Keeps the reading of large answers apart, so that a hundred that come at once do not hold up everybody else until all are read. */
export interface ReadingTurns {
  /** Undefined where the answer can be read at once; otherwise resolves in the turn of the event loop in which it is its turn. */
  take(bytes: number): Promise<void> | undefined;
}

// Read in a third of a millisecond, whatever its shape: a record is 700 bytes.
const smallBytes = 4096;

/** One large answer is read in a turn of the event loop, first come, first served. */
export function createReadingTurns(): ReadingTurns {
  const waiting: (() => void)[] = [];
  let isTaken = false;

  const next = () => {
    const resume = waiting.shift();
    isTaken = resume !== undefined;
    if (!resume) return;
    setImmediate(next);
    resume();
  };

  return {
    take(bytes) {
      if (bytes <= smallBytes) return undefined;
      if (isTaken) return new Promise((resolve) => waiting.push(resolve));
      isTaken = true;
      setImmediate(next);
      return undefined;
    },
  };
}
