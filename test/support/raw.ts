import { once } from 'node:events';
import { connect } from 'node:net';

/** Sends these bytes. Returns everything that was received until the other side closed. */
export async function exchangeRaw(url: URL, bytes: string | Buffer): Promise<string> {
  const socket = connect({ host: url.hostname, port: Number(url.port) });
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => void chunks.push(chunk));
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(bytes);
  // The other side may also close with a reset.
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  return Buffer.concat(chunks).toString();
}

/** A POST of a query with these header lines, after which the connection ends. */
export function rawPost(query: string, headerLines: readonly string[] = []): Buffer {
  const body = JSON.stringify({ query });
  const head = [
    'POST /graphql HTTP/1.1',
    'host: gateway',
    'connection: close',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...headerLines,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(body)]);
}
