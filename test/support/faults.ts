import type { Socket } from 'node:net';
import type { Asked, Fault } from './fault-server.ts';

/** A good envelope. Its record repeats the ID, and has the token as its title. */
export const envelopeFor = ({ id, token }: Pick<Asked, 'id' | 'token'>): string =>
  JSON.stringify({ status: 0, msg: 'success', result: { tempConferenceId: id, title: token } });

/** An HTTP answer with a content-length. */
export function http(body: string | Buffer, { status = 200, headers = '' } = {}): Buffer {
  const bytes = Buffer.from(body);
  return Buffer.concat([
    Buffer.from(
      `HTTP/1.1 ${status} Words\r\ncontent-type: application/json\r\ncontent-length: ${bytes.length}\r\n${headers}\r\n`,
    ),
    bytes,
  ]);
}

/** An HTTP answer in chunks of this size. */
export function httpChunked(body: string, size = 16): string {
  const bytes = Buffer.from(body);
  let chunks = '';
  for (let at = 0; at < bytes.length; at += size) {
    const chunk = bytes.subarray(at, at + size);
    chunks += `${chunk.length.toString(16)}\r\n${chunk.toString('latin1')}\r\n`;
  }
  return `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`;
}

/** Gives a good answer. */
export const well: Fault = (socket, asked) => void socket.write(http(envelopeFor(asked)));

/** Sends bytes as they are, and leaves the connection open. */
export const send =
  (bytes: string | Buffer | ((asked: Asked) => string | Buffer)): Fault =>
  (socket, asked) => {
    const all = typeof bytes === 'function' ? bytes(asked) : bytes;
    socket.write(typeof all === 'string' ? Buffer.from(all, 'latin1') : all);
  };

/** Sends bytes and closes. */
export const sendAndClose =
  (bytes: string | Buffer | ((asked: Asked) => string | Buffer)): Fault =>
  (socket, asked) => {
    send(bytes)(socket, asked);
    socket.end();
  };

/** Answers with this HTTP status and no envelope. */
export const status = (httpStatus: number, headers = ''): Fault =>
  send(http('{}', { status: httpStatus, headers }));

/** Never answers. */
export const stall: Fault = () => undefined;

/** Sends a beginning, then single bytes without an end. */
export const drip =
  (beginning: string, byte = 'x', everyMs = 10): Fault =>
  (socket) => {
    socket.write(beginning);
    const timer = setInterval(() => socket.write(byte), everyMs);
    socket.on('close', () => clearInterval(timer));
  };

/** Sends this many bytes of an answer, then ends the connection in this way. */
export const cutAt =
  (answer: (asked: Asked) => string | Buffer, bytes: number, how: 'closed' | 'reset'): Fault =>
  (socket, asked) => {
    const part = Buffer.from(answer(asked)).subarray(0, bytes);
    const end = () => (how === 'closed' ? socket.end() : socket.resetAndDestroy());
    if (part.length === 0) end();
    // A reset would discard bytes that have not arrived yet, so it waits a little.
    else socket.write(part, () => setTimeout(end, how === 'reset' ? 5 : 0));
  };

/** Sends the same piece repeatedly until the other side closes. */
export const flood =
  (beginning: string, piece: Buffer): Fault =>
  (socket: Socket) => {
    socket.write(beginning);
    const pour = () => {
      while (!socket.destroyed && socket.write(piece));
    };
    socket.on('drain', pour);
    pour();
  };
