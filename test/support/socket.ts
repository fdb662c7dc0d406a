import { once } from 'node:events';
import { vi } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';

/** One message of graphql-transport-ws. */
export interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/** A client that writes graphql-transport-ws itself, so that it can also break the protocol. */
export interface Peer {
  readonly socket: WebSocket;
  /** All messages so far. */
  readonly messages: readonly Message[];
  /** Resolves with the code of the close. */
  readonly closed: Promise<number>;
  send(message: unknown): void;
  subscribe(id: string, query: string, more?: object): void;
  /** Waits for a message with this type and ID that no earlier call has returned. */
  next(type: string, id?: string): Promise<Message>;
}

export interface PeerOptions extends Omit<ClientOptions, 'protocol'> {
  readonly protocol?: string;
}

export async function openPeer(
  url: URL,
  { protocol = 'graphql-transport-ws', ...options }: PeerOptions = {},
): Promise<Peer> {
  const socket = new WebSocket(url.href.replace(/^http/, 'ws'), protocol, options);
  const messages: Message[] = [];
  const seen = new Set<Message>();
  const closed = Promise.withResolvers<number>();
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString())));
  socket.once('close', closed.resolve);
  await once(socket, 'open');
  const send = (message: unknown) =>
    socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  return {
    socket,
    messages,
    closed: closed.promise,
    send,
    subscribe: (id, query, more = {}) => send({ id, type: 'subscribe', payload: { query, ...more } }),
    next: (type, id) =>
      vi.waitFor(
        () => {
          const found = messages.find(
            (message) =>
              message.type === type && (id === undefined || message.id === id) && !seen.has(message),
          );
          if (!found) throw new Error(`no ${type} among ${JSON.stringify(messages)}`);
          seen.add(found);
          return found;
        },
        { timeout: 5000, interval: 5 },
      ),
  };
}

/** Opens a peer, and waits until it is acknowledged. */
export async function openAcknowledged(url: URL, payload?: object, options: PeerOptions = {}): Promise<Peer> {
  const peer = await openPeer(url, options);
  peer.send({ type: 'connection_init', ...(payload && { payload }) });
  await peer.next('connection_ack');
  return peer;
}

/** Tries to open a peer. Returns the HTTP status of the refusal. */
export async function refusedUpgrade(
  url: URL,
  { protocol = 'graphql-transport-ws', ...options }: PeerOptions = {},
): Promise<number | undefined> {
  const socket = new WebSocket(url.href.replace(/^http/, 'ws'), protocol, options);
  socket.on('error', () => undefined);
  const [request, response] = await once(socket, 'unexpected-response');
  request.destroy();
  return response.statusCode;
}
