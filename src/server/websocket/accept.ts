import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { MessageType } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { isObject } from '../../base/is-object.ts';
import { parseTraceparent } from '../../base/traceparent.ts';
import { createOutbox } from './outbox.ts';
import { createProtocol, type ProtocolOptions } from './protocol.ts';
import { Session } from './session.ts';
import { subprotocol } from './upgrade.ts';
import { keepVigil } from './vigil.ts';

export interface AcceptOptions extends ProtocolOptions {
  /** The longest message. */
  readonly maxRequestBytes: number;
}

// The types of the library are a version behind it.
declare module 'ws' {
  interface ServerOptions {
    /** Milliseconds that a peer may take to answer a close. */
    closeTimeout?: number;
  }
}

/** Makes a WebSocket of an upgrade that is not refused. Its session is told as soon as it is open, and when it has closed. */
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
    // One message in a turn of the event loop: a flood of them keeps nobody else waiting.
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
    // Of what is offered, the one that is spoken.
    request.headers['sec-websocket-protocol'] = subprotocol;
    server.handleUpgrade(request, stream, head, (socket) => {
      const outbox = createOutbox(socket, clock);
      const session = new Session(socket, { requestId, openedAt: clock.now() }, () => vigil.trust());
      let held = 0;
      const vigil = keepVigil(socket, stream, {
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
          else session.close(1008, 'Too many messages, or too slow', 'misuse');
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
        vigil.end();
        void closed(code);
        on.closed(session);
      });
      on.open(session);
    });
  };
}

function readMessages(
  socket: WebSocket,
  session: Session,
  take: (text: string) => Promise<void>,
  { emit, describeDefect }: AcceptOptions,
): void {
  const read = async (text: string) => {
    try {
      await take(withQuery(text));
    } catch (error) {
      if (isOfServer(text)) return session.close(4400, 'Invalid message received', 'misuse');
      emit({ event: 'defect', ...describeDefect(error), requestId: session.requestId });
      session.close(4500, 'Internal server error', 'misuse');
    }
  };
  socket.on('message', (data: Buffer, isBinary) => {
    if (socket.readyState !== socket.OPEN) return;
    if (isBinary) return session.close(1003, 'Messages are text', 'misuse');
    session.messageBytes = data.length;
    void read(data.toString());
  });
}

/** Whether only a server sends such a message. The library throws at it, as if we had failed. */
function isOfServer(text: string): boolean {
  const message: unknown = JSON.parse(text);
  return isObject(message) && typesOfServer.has(message['type']);
}

const typesOfServer: ReadonlySet<unknown> = new Set([
  MessageType.ConnectionAck,
  MessageType.Next,
  MessageType.Error,
]);

/** The library refuses an operation without a query; one can also be named by its ID. */
function withQuery(text: string): string {
  if (!text.includes('"documentId"') && !text.includes('"persistedQuery"')) return text;
  try {
    const message: unknown = JSON.parse(text);
    if (!isObject(message) || !isObject(message['payload'])) return text;
    return JSON.stringify({ ...message, payload: { query: '', ...message['payload'] } });
  } catch {
    return text;
  }
}
