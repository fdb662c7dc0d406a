import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Clock } from '../../base/clock.ts';
import type { Outbox } from './outbox.ts';
import { Unfinished } from './unfinished.ts';

/** What a peer has done wrong. */
export type Fault = 'no_pong' | 'too_slow' | 'slow_message' | 'too_many_messages' | 'no_room';

export interface VigilOptions {
  readonly clock: Clock;
  readonly outbox: Outbox;
  /** Whether there is room for so many bytes of a message that is not whole, in place of those of the last call. */
  readonly hold: (bytes: number) => boolean;
  readonly onFault: (fault: Fault) => void;
}

/** Watches that a peer lives, reads what it is sent, and sends no more than it may. */
export interface Vigil {
  /** Something was answered: from now on the peer may send as fast as it is read. */
  trust(): void;
  end(): void;
}

const tickMs = 4000;
// Common proxies cut a connection that is quiet for 15 to 60 s.
const ticksBetweenPings = 3;
const silenceMs = 30_000;
const stuckMs = 30_000;
const messageMs = 10_000;
/** In a second, before something was answered. A client that comes back subscribes to all of its operations at once. */
const maxEarlyMessages = 200;

/** @param stream what the socket reads from. */
export function keepVigil(
  socket: WebSocket,
  stream: Duplex,
  { clock, outbox, hold, onFault }: VigilOptions,
): Vigil {
  const unfinished = new Unfinished();
  let pongAt = clock.now();
  let isTrusted = false;
  let messages = 0;
  let secondBegan = clock.now();

  const count = () => {
    if (isTrusted) return;
    const now = clock.now();
    if (now - secondBegan >= 1000) {
      secondBegan = now;
      messages = 0;
    }
    messages += 1;
    if (messages > maxEarlyMessages) onFault('too_many_messages');
  };
  const keep = () => {
    if (!hold(unfinished.bytes)) onFault('no_room');
  };
  // Before the library's own listener, which may find whole messages in the chunk.
  const onChunk = (chunk: Buffer) => {
    unfinished.onChunk(chunk.length, clock.now());
    keep();
  };
  const onControl = (data: Buffer) => {
    unfinished.onControl(data.length);
    keep();
    count();
  };
  stream.prependListener('data', onChunk);
  socket.on('ping', onControl);
  socket.on('pong', (data) => {
    pongAt = clock.now();
    onControl(data);
  });
  socket.on('message', (data: Buffer) => {
    unfinished.onMessage(data.length);
    keep();
    count();
  });

  let ticks = 0;
  const tick = () => {
    cancel = clock.after(tickMs, tick);
    const now = clock.now();
    const stuckSince = outbox.stuckSince() ?? now;
    if (now - stuckSince >= stuckMs) return onFault('too_slow');
    if (now - pongAt >= silenceMs) return onFault('no_pong');
    if (now - (unfinished.since ?? now) >= messageMs) return onFault('slow_message');
    ticks += 1;
    if (ticks % ticksBetweenPings === 0) socket.ping();
  };
  let cancel = clock.after(tickMs, tick);

  return {
    trust() {
      isTrusted = true;
    },
    end() {
      cancel();
      hold(0);
    },
  };
}
