import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A named pipe of the system. A reader can close it, and another can open it. */
export interface Fifo extends Disposable {
  /** Opens the end for writing. There must be a reader. */
  openForWriting(): number;
  read(): FifoReader;
}

export interface FifoReader {
  /** Everything that was read so far. */
  text(): string;
  /** Waits until it matches the pattern. */
  until(pattern: RegExp): Promise<string>;
  standStill(): void;
  goOn(): void;
  leave(): Promise<void>;
}

export function createFifo(): Fifo {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-log-'));
  const path = join(folder, 'log');
  execFileSync('mkfifo', [path]);
  return {
    openForWriting: () => openSync(path, constants.O_WRONLY | constants.O_NONBLOCK),
    read: () => readFrom(openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

function readFrom(fd: number): FifoReader {
  const socket = new Socket({ fd, readable: true, writable: false });
  const chunks: string[] = [];
  const onChunk = new Set<() => void>();
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    chunks.push(chunk);
    for (const look of onChunk) look();
  });
  return {
    text: () => chunks.join(''),
    until: (pattern) =>
      new Promise((resolve) => {
        let recent = chunks.join('');
        const look = () => {
          // Only the recent part: matching the whole text after each chunk would take quadratic time.
          recent = recent.slice(-16_384) + (chunks.at(-1) ?? '');
          if (!pattern.test(recent)) return;
          onChunk.delete(look);
          resolve(chunks.join(''));
        };
        if (pattern.test(recent)) resolve(recent);
        else onChunk.add(look);
      }),
    standStill: () => void socket.pause(),
    goOn: () => void socket.resume(),
    leave: () =>
      new Promise((resolve) => {
        socket.once('close', () => resolve()).destroy();
      }),
  };
}

/** Opens the end for writing while `use` runs, which starts a child with it. The child has its own copy. */
export function withWriter<T>(fifo: Fifo, use: (fd: number) => T): T {
  const fd = fifo.openForWriting();
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
}
