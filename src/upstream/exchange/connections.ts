import type { Socket } from 'node:net';
import { Client } from 'undici';
import { createConnect, type Opening } from './connect.ts';
import type { ResolverParts } from './resolver.ts';

export interface ConnectionOptions extends ResolverParts {
  readonly url: URL;
  readonly reuse: boolean;
}

/** One connection to the upstream, owned by one call at a time. It opens with its first request. */
export interface Connection {
  readonly client: Client;
  /** In the clock's milliseconds. */
  readonly openedAt: number;
  /** How the upstream has ended it, if it has. */
  readonly end: 'closed' | 'reset' | undefined;
  /** Whether it is reused and the upstream has sent nothing on it since: such a connection may have been closed before we sent. */
  readonly isUnanswered: boolean;
  /** Its last answer has been read. */
  rest(): void;
  destroy(): void;
}

/** The connections to the upstream. `calls/admission.ts` limits their number. */
export interface Connections {
  /**
   * The most recently used idle connection that may be reused, or a new one.
   *
   * @param deadline the call's, in the clock's milliseconds.
   */
  take(deadline: number): Connection;
  /** A new connection. A retry always gets a fresh one, never another stale one. */
  open(deadline: number): Connection;
  /** Only after an answer that was understood. After any other, the connection is closed, so that no stray bytes stay on it. */
  giveBack(connection: Connection): void;
  /** Closes the idle connections. The others are owned by calls. */
  close(): void;
}

/** Maximum age of a connection, so that changes of the name's addresses are noticed. */
const maxAgeMs = 5000;
/** Shorter than the 5 s idle timeout of common servers: if we close first, no request meets a closing connection. */
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
    let socket: Socket | undefined;
    let end: Connection['end'];
    let bytesBefore: number | undefined;
    const client = new Client(url.origin, {
      connect(_options, callback) {
        end = undefined;
        bytesBefore = undefined;
        opening = connect(callback, {
          deadline,
          watch: (opened) =>
            (socket = opened)
              .on('end', () => (end = 'closed'))
              .on('error', ({ code }: NodeJS.ErrnoException) => {
                if (code === 'ECONNRESET') end = 'reset';
              }),
        });
      },
      // 0 sends `connection: close`.
      pipelining: reuse ? 1 : 0,
      keepAliveTimeout: idleMs,
      // Otherwise a `Keep-Alive` header of the upstream could raise it.
      keepAliveMaxTimeout: idleMs,
      maxHeaderSize: maxHeaderBytes,
      // The call's deadline replaces all of undici's timeouts.
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
      get isUnanswered() {
        return bytesBefore !== undefined && socket?.bytesRead === bytesBefore;
      },
      rest() {
        bytesBefore = socket?.bytesRead;
      },
      destroy() {
        void client.destroy();
        // undici's `destroy` does not end a socket that is still connecting.
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
      if (!reuse || connection.end || !isYoung(connection)) return connection.destroy();
      connection.rest();
      idle.push(connection);
    },
    close() {
      for (const connection of idle.splice(0)) connection.destroy();
    },
  };
}
