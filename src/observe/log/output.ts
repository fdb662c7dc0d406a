import type { Writable } from 'node:stream';

/** Maximum size of the buffer while the reader of stdout does not read. */
const maxWaitingBytes = 8 * 1024 * 1024;
/** Size of one write: the capacity of a pipe. */
const chunkBytes = 65_536;
/** Pause between two attempts to write after the reader has closed the pipe. */
const retryMs = 1000;

export interface LogOutput {
  /** Buffers a line, or drops it if the buffer is full. Never blocks and never throws. */
  write(line: string): void;
  /** Lines dropped since the start. */
  readonly dropped: number;
  /** Resolves as soon as the buffer is empty, or after `timeoutMs` milliseconds. */
  drain(timeoutMs: number): Promise<void>;
  /** Writes as much of the buffer as the pipe accepts now. For the end of the process, when no more callbacks run. */
  flush(): void;
}

/**
 * A buffered writer of lines for stdout. All lines of one iteration of the event loop are one write, and the next write waits until
 * the previous one has ended. If the reader stops reading, the buffer grows to 8 MB at most. If the reader closes the pipe, the
 * same lines are written again until another reader takes them.
 *
 * @param onDropped receives the number of dropped lines as soon as the reader reads again, so that the log shows where they are missing.
 */
export function createLogOutput(stream: Writable, onDropped: (lines: number) => void): LogOutput {
  let waiting: string[] = [];
  let waitingBytes = 0;
  let writing = false;
  /** Whether a part of the failed chunk may already be in the pipe. */
  let torn = false;
  let scheduled = false;
  let dropped = 0;
  let told = 0;
  let onEmpty: (() => void) | undefined;
  // The write callback handles the error; without a listener, the error would also end the process.
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
    // After a failure the whole chunk is written again. A line break first, so that a part in the pipe does not corrupt the first line.
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
    // A chunk that is not written at once is written in pieces.
    torn ||= stream.writableLength > 0;
  };

  return {
    write(line) {
      // Besides counting, this makes V8 flatten the string, which would otherwise stay in memory as many pieces.
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
      // While a write is pending, nothing more can be written.
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
