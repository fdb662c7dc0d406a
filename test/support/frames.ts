import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A frame as a client sends it. */
export function frame(
  payload: Buffer | string,
  { opcode = 1, fin = true, masked = true, length = Buffer.byteLength(payload), reserved = 0 } = {},
): Buffer {
  const head = length < 126 ? Buffer.alloc(2) : length < 65_536 ? Buffer.alloc(4) : Buffer.alloc(10);
  head[0] = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  head[1] = (masked ? 0x80 : 0) | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  // A mask of zeros changes nothing.
  return Buffer.concat([head, Buffer.alloc(masked ? 4 : 0), Buffer.from(payload)]);
}

export const message = (content: unknown): Buffer => frame(JSON.stringify(content));

/** The request for a WebSocket. */
export const handshake = [
  'GET /graphql HTTP/1.1',
  'host: gateway',
  'connection: Upgrade',
  'upgrade: websocket',
  'sec-websocket-version: 13',
  'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-protocol: graphql-transport-ws',
  '\r\n',
].join('\r\n');

/** A connection that has requested a WebSocket. Does not wait for the answer. */
export async function connectRaw(url: URL): Promise<Socket> {
  const socket = connect({ host: url.hostname, port: Number(url.port) });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(handshake);
  return socket;
}

/** Everything that was received on a WebSocket until it closed. */
export interface Heard {
  readonly messages: readonly { readonly type: string; readonly id?: string; readonly payload?: unknown }[];
  /** The code of the close; undefined if the connection ended without one. */
  readonly code: number | undefined;
  readonly bytes: number;
}

/** Sends these bytes after the upgrade. Returns everything that was received until the other side closed. */
export async function exchangeFrames(url: URL, bytes: Buffer): Promise<Heard> {
  const socket = await connectRaw(url);
  let all = Buffer.alloc(0);
  let heard: Omit<Heard, 'bytes'> = { messages: [], code: undefined };
  socket.on('data', (chunk: Buffer) => {
    all = Buffer.concat([all, chunk]);
    heard = readFrames(all.subarray(all.indexOf('\r\n\r\n') + 4));
    // Answers the close. Otherwise, the other side would wait.
    if (heard.code !== undefined) socket.end();
  });
  socket.write(bytes);
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  return { ...heard, bytes: all.length };
}

function readFrames(bytes: Buffer): Omit<Heard, 'bytes'> {
  const messages = [];
  for (let at = 0; at + 2 <= bytes.length;) {
    const opcode = (bytes[at] ?? 0) & 0x0f;
    const short = (bytes[at + 1] ?? 0) & 0x7f;
    const header = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (bytes.length < at + header) break;
    const length =
      short < 126
        ? short
        : short === 126
          ? bytes.readUInt16BE(at + 2)
          : Number(bytes.readBigUInt64BE(at + 2));
    if (bytes.length < at + header + length) break;
    const payload = bytes.subarray(at + header, at + header + length);
    if (opcode === 8) return { messages, code: payload.length < 2 ? 1005 : payload.readUInt16BE(0) };
    if (opcode === 1) messages.push(JSON.parse(payload.toString()));
    at += header + length;
  }
  return { messages, code: undefined };
}
