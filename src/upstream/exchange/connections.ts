import type { LookupFunction, Socket } from 'node:net';
import { Client } from 'undici';
import type { Clock } from '../../base/clock.ts';
import { createConnect } from './connect.ts';

export interface ConnectionOptions {
  readonly url: URL;
  readonly reuse: boolean;
  readonly clock: Clock;
  /** The name's resolution, where it is not the system's. */
  readonly lookup?: LookupFunction | undefined;
}

/** One connection to the upstream, in the hands of one call at a time. Opens with its first request. */
export interface Connection {
  readonly client: Client;
  /** In the clock's milliseconds. */
  readonly openedAt: number;
  /** How the other side has ended it, if it has. */
  readonly end: 'closed' | 'reset' | undefined;
  destroy(): void;
}

/** The connections to the upstream. How many there are at once is the admission's to say. */
export interface Connections {
  /** The one that was used last, if it may be used again; otherwise a new one. */
  take(): Connection;
  /** A new one: who has met a connection that was about to close must not meet the next. */
  open(): Connection;
  /** After an answer that was understood. Any other takes its connection with it: nothing foreign can be left on one. */
  giveBack(connection: Connection): void;
  /** Ends those that are idle. The others are in the hands of calls. */
  close(): void;
}

/** None is used beyond this age, so that a name that moves is followed. */
const maxAgeMs = 5000;
/** Shorter than the 5 s after which common servers close: who closes first loses no request. */
const idleMs = 4000;
const maxHeaderBytes = 16_384;

// A list of clients of one connection each, and no Pool: a call then owns what it uses and can end it in any state, also while it
// connects; what a Pool would do beyond that is the admission's work.
export function createConnections({ url, reuse, clock, lookup }: ConnectionOptions): Connections {
  let idle: Connection[] = [];
  const connect = createConnect(url, lookup);

  const open = (): Connection => {
    let socket: Socket | undefined;
    let end: Connection['end'];
    const client = new Client(url.origin, {
      connect(_options, callback) {
        end = undefined;
        socket = connect(callback)
          .on('end', () => (end = 'closed'))
          .on('error', ({ code }: NodeJS.ErrnoException) => {
            if (code === 'ECONNRESET') end = 'reset';
          });
      },
      // 0 sends `connection: close`.
      pipelining: reuse ? 1 : 0,
      keepAliveTimeout: idleMs,
      // What the upstream hints would otherwise take its place.
      keepAliveMaxTimeout: idleMs,
      maxHeaderSize: maxHeaderBytes,
      // The one deadline of a call is over all of these.
      headersTimeout: 0,
      bodyTimeout: 0,
      allowH2: false,
    });
    const connection: Connection = {
      client,
      openedAt: clock.now(),
      get end() {
        return end;
      },
      destroy() {
        void client.destroy();
        // The client leaves alone what is still connecting.
        socket?.destroy();
      },
    };
    client.on('disconnect', () => (idle = idle.filter((other) => other !== connection)));
    return connection;
  };

  const isYoung = ({ openedAt }: Connection) => clock.now() - openedAt < maxAgeMs;

  return {
    open,
    take() {
      for (let newest = idle.pop(); newest; newest = idle.pop()) {
        if (isYoung(newest)) return newest;
        newest.destroy();
      }
      return open();
    },
    giveBack(connection) {
      if (reuse && !connection.end && isYoung(connection)) idle.push(connection);
      else connection.destroy();
    },
    close() {
      for (const connection of idle.splice(0)) connection.destroy();
    },
  };
}
