import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Connection, type Shared } from './connection.ts';
import type { Front } from './front.ts';

/** Open connections, and the requests on them. */
export interface Open {
  readonly connections: number;
  readonly requests: number;
}

/** All connections of a server. */
export interface Connections {
  readonly count: () => Open;
  /** From now on, the last expected answer of each connection says `connection: close`. */
  readonly drain: () => void;
  /** From now on, a connection closes as soon as it has no request. */
  readonly close: () => void;
  /** Destroys the connections whose clients expect no answer, except WebSockets. */
  readonly destroyIdle: () => void;
  /** Destroys the WebSockets. `closeAllConnections` does not: Node forgets a connection at its upgrade. */
  readonly destroyWebSockets: () => void;
  /** Whether the connection of this new request has no other. A request counts from its `request` event on. */
  readonly isIdle: (request: IncomingMessage) => boolean;
  /** Closes connections whose clients do not read their answers. Call it about once a second. */
  readonly checkReaders: () => void;
}

/** Passes a server's requests to `front`, a limited number of each connection at the same time, and closes broken connections. */
export function trackConnections(server: Server, front: Front): Connections {
  const bySocket = new Map<Socket, Connection>();
  const webSockets = new Set<Socket>();
  const shared: Shared = { front, queued: 0, draining: false, closing: false };
  server.on('connection', (socket) => {
    bySocket.set(socket, new Connection(socket, shared));
    socket.once('close', () => bySocket.delete(socket));
  });

  const take = (request: IncomingMessage, response: ServerResponse) => {
    const connection = bySocket.get(request.socket);
    if (!connection || request.socket.destroyed) return;
    connection.take(response);
  };
  server.on('request', take);
  // RFC 9110 allows to ignore an unknown `Expect`. Node's own answer to it, a 417, would have no body.
  server.on('checkExpectation', take);
  server.on('upgrade', ({ socket }) => {
    webSockets.add(socket);
    socket.once('close', () => webSockets.delete(socket));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const connection = bySocket.get(socket);
    if (connection) connection.fail(error);
    else socket.destroy();
  });

  return {
    count() {
      let requests = 0;
      for (const connection of bySocket.values()) requests += connection.requests;
      return { connections: bySocket.size, requests };
    },
    drain() {
      shared.draining = true;
      for (const connection of bySocket.values()) connection.drain();
    },
    close() {
      shared.closing = true;
      server.closeIdleConnections();
    },
    destroyIdle() {
      for (const [socket, connection] of bySocket) if (!webSockets.has(socket)) connection.destroyIfIdle();
    },
    destroyWebSockets() {
      for (const socket of webSockets) socket.destroy();
    },
    isIdle({ socket }) {
      return bySocket.get(socket)?.requests === 0;
    },
    checkReaders() {
      for (const connection of bySocket.values()) connection.checkReader();
    },
  };
}
