import { connect, type Socket } from 'node:net';

/** A connection of the load: one request at a time, as cheap as it can be, so that the server is what limits. */
export interface Connection {
  /** @param request a whole HTTP/1.1 request. @returns the body of its answer. */
  ask(request: string): Promise<string>;
  end(): void;
}

/** @throws (rejects with) an error where the answer is not HTTP 200, and where the connection ends. */
export async function openConnection(port: number): Promise<Connection> {
  const socket = await connected(port);
  let received = '';
  let expected = 0;
  let settle: { resolve: (body: string) => void; reject: (error: Error) => void } | undefined;

  // A character a byte: lengths are then what the head says.
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    received += chunk;
    if (expected === 0) expected = lengthOf(received);
    if (expected === 0 || received.length < expected) return;
    const answer = received;
    received = '';
    expected = 0;
    if (answer.startsWith('HTTP/1.1 200')) settle?.resolve(answer.slice(answer.indexOf('\r\n\r\n') + 4));
    else settle?.reject(new Error(answer.slice(0, 300)));
  });
  socket.on('close', () => settle?.reject(new Error('The server closed the connection')));

  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        settle = { resolve, reject };
        socket.write(request, 'latin1');
      }),
    end: () => {
      settle = undefined;
      socket.destroy();
    },
  };
}

function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('error', reject).once('connect', () => resolve(socket.off('error', reject).on('error', () => {})));
  });
}

/** Characters of the whole answer, or 0 while its head is not complete. */
function lengthOf(text: string): number {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd < 0) return 0;
  const [, length] = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, headEnd)) ?? [];
  if (length !== undefined) return headEnd + 4 + Number(length);
  throw new Error(`An answer without a content-length: ${text.slice(0, headEnd)}`);
}
