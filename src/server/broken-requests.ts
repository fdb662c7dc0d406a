import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

const statusLines: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** Answers what is no HTTP, or too slow to become it, and closes its connection. */
export function answerBrokenRequests(server: Server): void {
  const underWay = new WeakMap<Socket, Set<ServerResponse>>();
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    const responses = underWay.get(request.socket) ?? new Set();
    underWay.set(request.socket, responses.add(response));
    response.once('close', () => responses.delete(response));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
    // It must not be taken for the answer to the request before, nor follow one to the same request.
    const isTaken = [...(underWay.get(socket) ?? [])].some(
      ({ req, headersSent }) => req.complete || headersSent,
    );
    socket.end(isTaken ? '' : answerTo(error), () => socket.destroy());
  });
}

function answerTo({ code = '' }: NodeJS.ErrnoException): string {
  const body = '{"errors":[{"message":"The request is not HTTP.","extensions":{"code":"BAD_REQUEST"}}]}';
  return [
    `HTTP/1.1 ${statusLines[code] ?? '400 Bad Request'}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${body.length}`,
    'cache-control: no-store',
    'x-content-type-options: nosniff',
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
