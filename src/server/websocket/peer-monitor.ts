import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Clock } from '../../base/clock.ts';
import { heartbeatMs, stuckMs } from '../streams/timing.ts';
import { MessageRate } from './message-rate.ts';
import type { Outbox } from './outbox.ts';
import { PartialMessage } from './partial-message.ts';

/** What a peer did wrong. */
export type Fault = 'no_pong' | 'too_slow' | 'slow_message' | 'too_many_messages' | 'no_room';

export interface MonitorOptions {
  readonly clock: Clock;
  readonly outbox: Outbox;
  /** Reserves this many bytes for the message that is not complete, instead of those of the previous call. Returns false if there is no room. */
  readonly hold: (bytes: number) => boolean;
  readonly onFault: (fault: Fault) => void;
}

/** Watches that a peer is alive, reads what is sent to it, and does not send too much or too slowly. */
export interface PeerMonitor {
  /** The peer got an answer: its messages are no longer limited per second. */
  trust(): void;
  end(): void;
}

const tickMs = 4000;
const ticksBetweenPings = heartbeatMs / tickMs;
const silenceMs = 30_000;
const messageMs = 10_000;

/** @param stream the connection under the socket. */
export function monitorPeer(
  socket: WebSocket,
  stream: Duplex,
  { clock, outbox, hold, onFault }: MonitorOptions,
): PeerMonitor {
  const partial = new PartialMessage();
  const rate = new MessageRate(clock.now());
  let pongAt = clock.now();

  const count = () => {
    if (!rate.count(clock.now())) onFault('too_many_messages');
  };
  const keep = () => {
    if (!hold(partial.bytes)) onFault('no_room');
  };
  const onChunk = (chunk: Buffer) => {
    partial.onChunk(chunk.length, clock.now());
    keep();
  };
  const onControl = (data: Buffer) => {
    partial.onControl(data.length);
    keep();
    count();
  };
  // Before the library's own listener, which may find complete messages in the chunk.
  stream.prependListener('data', onChunk);
  socket.on('ping', onControl);
  socket.on('pong', (data) => {
    pongAt = clock.now();
    onControl(data);
  });
  socket.on('message', (data: Buffer) => {
    partial.onMessage(data.length);
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
    if (now - (partial.since ?? now) >= messageMs) return onFault('slow_message');
    ticks += 1;
    if (ticks % ticksBetweenPings === 0) socket.ping();
  };
  let cancel = clock.after(tickMs, tick);

  return {
    trust: () => rate.trust(),
    end() {
      cancel();
      hold(0);
    },
  };
}
