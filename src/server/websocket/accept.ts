import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { parseTraceparent } from '../../base/traceparent.ts';
import { createOutbox } from './outbox.ts';
import { monitorPeer } from './peer-monitor.ts';
import { createProtocol, type ProtocolOptions } from './protocol.ts';
import { readMessages } from './read-messages.ts';
import { Session } from './session.ts';
import { subprotocol } from './upgrade.ts';

export interface AcceptOptions extends ProtocolOptions {
  /** Maximum bytes of a message. */
  readonly maxRequestBytes: number;
}

// The library's types lack this option.
declare module 'ws' {
  interface ServerOptions {
    /** Milliseconds until the connection is destroyed if the peer does not answer a close. */
    closeTimeout?: number;
  }
}

/** Turns an accepted upgrade into a WebSocket. Calls `on.open` when it is open, and `on.closed` when it has closed. */
export type Accept = (
  request: IncomingMessage,
  stream: Duplex,
  head: Buffer,
  requestId: string,
  on: { readonly open: (session: Session) => void; readonly closed: (session: Session) => void },
) => void;

const closeTimeoutMs = 3000;

export function createAccept(options: AcceptOptions): Accept {
  const { clock, places } = options;
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: options.maxRequestBytes,
    // One message per turn of the event loop: many messages of one peer do not block the others.
    allowSynchronousEvents: false,
    closeTimeout: closeTimeoutMs,
  });
  const requestIds = new WeakMap<IncomingMessage, string>();
  server.on('headers', (headers, request) => {
    headers.push(`x-request-id: ${requestIds.get(request)}`);
  });
  const protocol = createProtocol(options);

  return (request, stream, head, requestId, on) => {
    requestIds.set(request, requestId);
    // The client may have offered several subprotocols: choose ours.
    request.headers['sec-websocket-protocol'] = subprotocol;
    server.handleUpgrade(request, stream, head, (socket) => {
      const outbox = createOutbox(socket, clock);
      const session = new Session(socket, { requestId, openedAt: clock.now() }, () => monitor.trust());
      let held = 0;
      const monitor = monitorPeer(socket, stream, {
        clock,
        outbox,
        hold(bytes) {
          if (!places.reserve(bytes - held)) return false;
          held = bytes;
          return true;
        },
        onFault(fault) {
          if (fault === 'too_slow') session.cut('too_slow');
          else if (fault === 'no_pong') session.cut('client_left');
          else if (fault === 'no_room') session.close(1013, 'Try again later', 'misuse');
          else session.close(1008, 'Too many messages, or a message too slow', 'misuse');
        },
      });
      const closed = protocol.opened(
        {
          protocol: socket.protocol,
          send: outbox.send,
          close: (code = 1000, reason = '') => session.close(code, reason, 'misuse'),
          onMessage: (take) => readMessages(socket, session, take, options),
        },
        {
          session,
          outbox,
          rawHeaders: request.rawHeaders,
          incoming: parseTraceparent(request.headers['traceparent']),
        },
      );
      socket.on('error', () => {
        session.end ??= 'misuse';
      });
      socket.once('close', (code) => {
        session.end ??= 'client_left';
        monitor.end();
        void closed(code);
        on.closed(session);
      });
      on.open(session);
    });
  };
}
