import { Client } from 'undici';
import { createConnect, type Opening } from './connect.ts';
import type { ResolverParts } from './resolver.ts';

export interface ConnectionOptions extends ResolverParts {
  readonly url: URL;
  readonly reuse: boolean;
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
  /**
   * The one that was used last, if it may be used again; otherwise a new one.
   *
   * @param deadline the call's, in the clock's milliseconds.
   */
  take(deadline: number): Connection;
  /** A new one: a retry never gets another connection that was about to close. */
  open(deadline: number): Connection;
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
export function createConnections({ url, reuse, ...parts }: ConnectionOptions): Connections {
  const { clock } = parts;
  let idle: Connection[] = [];
  const connect = createConnect(url, parts);

  const open = (deadline: number): Connection => {
    let opening: Opening | undefined;
    let end: Connection['end'];
    const client = new Client(url.origin, {
      connect(_options, callback) {
        end = undefined;
        opening = connect(callback, {
          deadline,
          watch: (socket) =>
            socket
              .on('end', () => (end = 'closed'))
              .on('error', ({ code }: NodeJS.ErrnoException) => {
                if (code === 'ECONNRESET') end = 'reset';
              }),
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
        opening?.destroy();
      },
    };
    client.on('disconnect', () => (idle = idle.filter((other) => other !== connection)));
    return connection;
  };

  const isYoung = ({ openedAt }: Connection) => clock.now() - openedAt < maxAgeMs;

  return {
    open,
    take(deadline) {
      for (let newest = idle.pop(); newest; newest = idle.pop()) {
        if (isYoung(newest)) return newest;
        newest.destroy();
      }
      return open(deadline);
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
