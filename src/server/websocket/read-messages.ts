import { MessageType } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { isObject } from '../../base/is-object.ts';
import type { FrontOptions } from '../front-options.ts';
import type { Session } from './session.ts';

/** Passes the text messages of a socket to the protocol. Closes the socket at a binary message, or if the protocol throws. */
export function readMessages(
  socket: WebSocket,
  session: Session,
  take: (text: string) => Promise<void>,
  { emit, describeDefect }: Pick<FrontOptions, 'emit' | 'describeDefect'>,
): void {
  const read = async (text: string) => {
    try {
      await take(withQuery(text));
    } catch (error) {
      if (isServerMessage(text)) return session.close(4400, 'Invalid message received', 'misuse');
      emit({ event: 'defect', ...describeDefect(error), requestId: session.requestId });
      session.close(4500, 'Internal server error', 'misuse');
    }
  };
  socket.on('message', (data: Buffer, isBinary) => {
    if (socket.readyState !== socket.OPEN) return;
    if (isBinary) return session.close(1003, 'Only text messages are accepted', 'misuse');
    session.messageBytes = data.length;
    void read(data.toString());
  });
}

/** Whether only a server may send this message. graphql-ws throws at it, although the mistake is the client's. */
function isServerMessage(text: string): boolean {
  const message: unknown = JSON.parse(text);
  return isObject(message) && serverMessages.has(message['type']);
}

const serverMessages: ReadonlySet<unknown> = new Set([
  MessageType.ConnectionAck,
  MessageType.Next,
  MessageType.Error,
]);

/** graphql-ws refuses an operation without a query. An operation that is named by its ID gets an empty one. */
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
