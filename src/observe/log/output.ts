import type { Writable } from 'node:stream';

/** What may wait for a reader that does not read. */
const maxWaitingBytes = 8 * 1024 * 1024;
/** One write: as much as a pipe holds. */
const chunkBytes = 65_536;
/** Between two tries to write for a reader that has left. */
const retryMs = 1000;

export interface LogOutput {
  /** Takes a line, or drops it where too much waits already. Never blocks and never throws. */
  write(line: string): void;
  /** Lines dropped since the start. */
  readonly dropped: number;
  /** Resolves once nothing waits any more, or after `timeoutMs` milliseconds. */
  drain(timeoutMs: number): Promise<void>;
  /** Writes what waits as far as the reader takes it now: for the end of the process, after which no callback runs. */
  flush(): void;
}

/**
 * Lines for standard output. The lines of one turn of the event loop are one write, and the next write waits for the end of the one
 * before. A reader that stands still therefore costs 8 MB at most; one that leaves costs no more, since the same lines are
 * written again until another reader takes them.
 *
 * @param onDropped is told how many lines were dropped, at the place in the log where they are missing.
 */
export function createLogOutput(stream: Writable, onDropped: (lines: number) => void): LogOutput {
  let waiting: string[] = [];
  let waitingBytes = 0;
  let writing = false;
  /** Whether the reader may have a part of the chunk that failed. */
  let torn = false;
  let scheduled = false;
  let dropped = 0;
  let told = 0;
  let onEmpty: (() => void) | undefined;
  // A failed write is told to its callback; without a listener it would end the process as well.
  stream.on('error', () => undefined);

  const schedule = () => {
    if (scheduled || writing) return;
    scheduled = true;
    setImmediate(writeChunk);
  };

  const writeChunk = () => {
    scheduled = false;
    if (writing || waiting.length === 0) return;
    const count = linesOfOneChunk(waiting);
    const chunk = waiting.slice(0, count).join('');
    writing = true;
    // Written again from its beginning; a part of it that is still in the pipe becomes a line of its own.
    stream.write(torn ? `\n${chunk}` : chunk, (error) => {
      writing = false;
      if (error) return void setTimeout(schedule, retryMs).unref();
      torn = false;
      waiting = waiting.slice(count);
      waitingBytes -= Buffer.byteLength(chunk);
      if (dropped > told) {
        const lines = dropped - told;
        told = dropped;
        onDropped(lines);
      }
      if (waiting.length > 0) schedule();
      else onEmpty?.();
    });
    // What is not written at once is written piece by piece.
    torn ||= stream.writableLength > 0;
  };

  return {
    write(line) {
      // This also flattens the line, which is made of many pieces and would otherwise wait as all of them.
      const bytes = Buffer.byteLength(line);
      if (waitingBytes + bytes > maxWaitingBytes) {
        dropped += 1;
        return;
      }
      waiting.push(line);
      waitingBytes += bytes;
      schedule();
    },
    get dropped() {
      return dropped;
    },
    async drain(timeoutMs) {
      if (waiting.length === 0) return;
      await new Promise<void>((resolve) => {
        onEmpty = resolve;
        setTimeout(resolve, timeoutMs);
      });
    },
    flush() {
      // Behind a write that waits for its reader nothing more can be written.
      if (!writing && waiting.length > 0) stream.write(waiting.join(''));
      waiting = [];
    },
  };
}

function linesOfOneChunk(lines: readonly string[]): number {
  let bytes = 0;
  let count = 0;
  while (count < lines.length && bytes < chunkBytes) {
    bytes += lines[count]?.length ?? 0;
    count += 1;
  }
  return count;
}
