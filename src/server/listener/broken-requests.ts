import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

const notHttp = { status: '400 Bad Request', message: 'The request is not HTTP.' };
const refusals: Readonly<Record<string, typeof notHttp>> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    message: 'The headers are too large.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: { status: '408 Request Timeout', message: 'The request came too slowly.' },
};

/** Answers what is no HTTP, or too slow to become it, and closes its connection. */
export function answerBrokenRequests(server: Server): void {
  const underWay = new WeakMap<Socket, Set<ServerResponse>>();
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    const responses = underWay.get(request.socket) ?? new Set();
    underWay.set(request.socket, responses.add(response));
    // An answer that is given before its request was read is that request's answer until the request has ended.
    const forget = () => {
      if (request.complete && response.writableEnded) responses.delete(response);
    };
    request.once('close', forget);
    response.once('close', forget);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
    // It must not be taken for the answer to the request before, nor follow one to the same request.
    const taken = [...(underWay.get(socket) ?? [])].filter(
      ({ req, headersSent }) => req.complete || headersSent,
    );
    const awaited = taken.findLast(({ writableEnded }) => !writableEnded);
    if (taken.length === 0) socket.end(answerTo(error), () => socket.destroy());
    else if (!awaited) socket.end(() => socket.destroy());
    else {
      if (!awaited.headersSent) awaited.setHeader('connection', 'close');
      awaited.once('close', () => socket.destroySoon());
    }
  });
}

function answerTo({ code = '' }: NodeJS.ErrnoException): string {
  const { status, message } = refusals[code] ?? notHttp;
  const body = JSON.stringify({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
  return [
    `HTTP/1.1 ${status}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${body.length}`,
    'cache-control: no-store',
    'x-content-type-options: nosniff',
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
