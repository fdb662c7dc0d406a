import type { WebSocket } from 'ws';
import type { Clock } from '../../base/clock.ts';

/** What is sent on a socket. An event waits only for what was sent before it, and only the newest of its stream does. */
export interface Outbox {
  /** Sends behind all that was sent. */
  readonly send: (text: string) => void;
  /** Sends once all that was sent has left; by then, a later event of the same stream replaces this one. */
  offer(stream: object, text: string): void;
  /** Sends the event that waits, if one does. */
  flush(stream: object): void;
  /** The stream is over: what waits is not sent. */
  drop(stream: object): void;
  /** Since when the peer has taken nothing, though something waits for it. Undefined where nothing waits. */
  stuckSince(): number | undefined;
}

/** The peer reads too slowly: until it has read, nothing more is read of what it asks. */
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
  // Called when the system has taken the bytes, with an error where the socket has closed before.
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
