import type { Socket } from 'node:net';
import { Client } from 'undici';
import { createConnect, type Connect, type Opening } from './connect.ts';
import type { ResolverParts } from './resolver.ts';

export interface ConnectionOptions extends ResolverParts {
  readonly url: URL;
  readonly reuse: boolean;
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
/** No server closes a connection as idle sooner. What breaks without such a rest is the upstream's failure. */
const minRestMs = 10;
const maxHeaderBytes = 16_384;

// A list of clients of one connection each, and no Pool: a call then owns what it uses and can end it in any state, also while it
// connects; what a Pool would do beyond that is the admission's work.
export function createConnections({ url, reuse, ...parts }: ConnectionOptions): Connections {
  const { clock } = parts;
  let idle: Connection[] = [];
  const connect = createConnect(url, parts);

  const open = (deadline: number): Connection => {
    const connection = new Connection(url.origin, connect, { reuse, openedAt: clock.now(), deadline });
    connection.client.on('disconnect', () => (idle = idle.filter((other) => other !== connection)));
    return connection;
  };

  const isYoung = ({ openedAt }: Connection) => clock.now() - openedAt < maxAgeMs;

  return {
    open,
    take(deadline) {
      for (let newest = idle.pop(); newest; newest = idle.pop()) {
        if (isYoung(newest)) {
          newest.wake(clock.now());
          return newest;
        }
        newest.destroy();
      }
      return open(deadline);
    },
    giveBack(connection) {
      if (!reuse || connection.end || !isYoung(connection)) return connection.destroy();
      connection.rest(clock.now());
      idle.push(connection);
    },
    close() {
      for (const connection of idle.splice(0)) connection.destroy();
    },
  };
}

interface ConnectionParts {
  readonly reuse: boolean;
  readonly openedAt: number;
  readonly deadline: number;
}

/** One connection to the upstream, owned by one call at a time. It opens with its first request. */
export class Connection {
  readonly client: Client;
  /** In the clock's milliseconds. */
  readonly openedAt: number;
  #opening: Opening | undefined;
  #socket: Socket | undefined;
  #end: 'closed' | 'reset' | undefined;
  /** When its last answer had been read, and how many bytes of the socket that were. */
  #restsSince = 0;
  #bytesBefore: number | undefined;
  #hasRested = false;

  constructor(origin: string, connect: Connect, { reuse, openedAt, deadline }: ConnectionParts) {
    this.openedAt = openedAt;
    this.client = new Client(origin, {
      connect: (_options, callback) => {
        this.#end = undefined;
        this.#hasRested = false;
        this.#opening = connect(callback, { deadline, watch: (socket) => this.#watch(socket) });
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
  }

  /** How the upstream has ended it, if it has. */
  get end(): 'closed' | 'reset' | undefined {
    return this.#end;
  }

  /**
   * Whether it had rested for a while, and the upstream has sent nothing on it since: if it breaks, the upstream has probably closed it
   * before our request arrived.
   */
  get isUnanswered(): boolean {
    return this.#hasRested && this.#socket?.bytesRead === this.#bytesBefore;
  }

  /** Its last answer has been read. */
  rest(now: number): void {
    this.#restsSince = now;
    this.#bytesBefore = this.#socket?.bytesRead;
  }

  /** It is used again. */
  wake(now: number): void {
    this.#hasRested = now - this.#restsSince >= minRestMs;
  }

  destroy(): void {
    void this.client.destroy();
    // undici's `destroy` does not end a socket that is still connecting.
    this.#opening?.destroy();
  }

  #watch(socket: Socket): void {
    this.#socket = socket;
    socket
      .on('end', () => (this.#end = 'closed'))
      .on('error', ({ code }: NodeJS.ErrnoException) => {
        if (code === 'ECONNRESET') this.#end = 'reset';
      });
  }
}
