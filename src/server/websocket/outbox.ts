import type { WebSocket } from 'ws';
import type { Clock } from '../../base/clock.ts';

/** Sends text on a socket with backpressure: of each stream, at most one event waits, the newest. */
export interface Outbox {
  /** Sends now, in order. */
  readonly send: (text: string) => void;
  /** Sends once the system has taken all earlier text. Until then, a newer event of the same stream replaces this one. */
  offer(stream: object, text: string): void;
  /** Sends the event that waits, if any, now. */
  flush(stream: object): void;
  /** Discards the event that waits, because the stream has ended. */
  drop(stream: object): void;
  /** Since when the peer has read nothing, in the clock's milliseconds; undefined if nothing is unsent. */
  stuckSince(): number | undefined;
}

/** With more unsent bytes than this, nothing more is read from the peer until it has read them. */
const maxUnreadBytes = 65_536;

export function createOutbox(socket: WebSocket, clock: Clock): Outbox {
  const waiting = new Map<object, string>();
  let unsent = 0;
  let progressAt = 0;

  const send = (text: string) => {
    if (socket.readyState !== socket.OPEN) return;
    if (unsent === 0) progressAt = clock.now();
    unsent += 1;
    socket.send(text, onSent);
    if (socket.bufferedAmount > maxUnreadBytes) socket.pause();
  };
  // Called when the system has taken the bytes, or with an error if the socket closed before.
  const onSent = (error?: Error | null) => {
    unsent -= 1;
    progressAt = clock.now();
    if (error || unsent > 0) return;
    if (socket.isPaused) socket.resume();
    const due = [...waiting.values()];
    waiting.clear();
    for (const text of due) send(text);
  };

  return {
    send,
    offer(stream, text) {
      if (unsent > 0) waiting.set(stream, text);
      else send(text);
    },
    flush(stream) {
      const text = waiting.get(stream);
      waiting.delete(stream);
      if (text !== undefined) send(text);
    },
    drop: (stream) => void waiting.delete(stream),
    stuckSince: () => (unsent > 0 ? progressAt : undefined),
  };
}
