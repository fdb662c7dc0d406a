import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Connection, type Shared } from './connection.ts';

/** What is open at a moment. */
export interface Open {
  readonly connections: number;
  readonly requests: number;
}

/** The connections of a server, each with its requests. */
export interface Connections {
  /** What is under way now. */
  readonly count: () => Open;
  /** From now on, a connection's last answer says `connection: close`. */
  readonly drain: () => void;
  /** From now on, a connection closes as soon as nothing is under way on it. */
  readonly close: () => void;
  /** Ends the connections on which no whole request is under way, and which are no WebSockets. */
  readonly endUnlessAwaited: () => void;
  /** Ends the WebSockets, of which the server knows nothing any more. */
  readonly endWebSockets: () => void;
  /** Whether no request is under way on this one's connection. The request itself does not count before it is handed on. */
  readonly isQuiet: (request: IncomingMessage) => boolean;
  /** Looks whether answers that are written are read. To be called each second or so. */
  readonly timeReaders: () => void;
}

/** Hands the requests of a server to `front`, some of a connection at once, and ends connections that are broken. */
export function trackConnections(
  server: Server,
  front: RequestListener,
  onClosed: (response: ServerResponse) => void,
): Connections {
  const bySocket = new Map<Socket, Connection>();
  const webSockets = new Set<Socket>();
  const shared: Shared = { front, waiting: 0, draining: false, closing: false };
  server.on('connection', (socket) => {
    bySocket.set(socket, new Connection(socket, shared));
    socket.once('close', () => bySocket.delete(socket));
  });

  // One function for all responses: `this` is the one that has closed. By then its request has lost neither socket nor connection.
  function closed(this: ServerResponse): void {
    bySocket.get(this.req.socket)?.closed(this);
    onClosed(this);
  }
  const take = (request: IncomingMessage, response: ServerResponse) => {
    const connection = bySocket.get(request.socket);
    if (!connection || request.socket.destroyed) return;
    response.on('close', closed);
    connection.take(response);
  };
  server.on('request', take);
  // An expectation that is not known may be passed over; Node's own answer has no body.
  server.on('checkExpectation', take);
  server.on('upgrade', ({ socket }) => {
    webSockets.add(socket);
    socket.once('close', () => webSockets.delete(socket));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const connection = bySocket.get(socket);
    if (connection) connection.breakOff(error);
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
      for (const connection of bySocket.values()) connection.letGo();
    },
    close() {
      shared.closing = true;
      server.closeIdleConnections();
    },
    endUnlessAwaited() {
      for (const [socket, connection] of bySocket) if (!webSockets.has(socket)) connection.endUnlessAwaited();
    },
    endWebSockets() {
      for (const socket of webSockets) socket.destroy();
    },
    isQuiet({ socket }) {
      return bySocket.get(socket)?.requests === 0;
    },
    timeReaders() {
      for (const connection of bySocket.values()) connection.timeReader();
    },
  };
}
