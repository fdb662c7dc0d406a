import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';

export interface ListenOptions {
  readonly port: number;
  readonly host: string;
  /** Milliseconds that a connection may idle after an answer. */
  readonly keepAliveMs: number;
}

/** A socket that listens. */
export interface Listening {
  readonly url: URL;
  /** Lets no more connections in, lets what is under way finish for `timeoutMs` milliseconds, and then ends it. */
  close(timeoutMs: number): Promise<void>;
}

// A client that is slow is closed within 15 s, whatever it is slow at.
const headersTimeoutMs = 10_000;
const requestTimeoutMs = 13_000;
const checkingIntervalMs = 1000;
const maxConnections = 10_000;

/** @throws (rejects with) the system's error, such as EADDRINUSE. */
export async function listen(
  front: RequestListener,
  { port, host, keepAliveMs }: ListenOptions,
): Promise<Listening> {
  const server = createServer(
    {
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: checkingIntervalMs,
      keepAliveTimeout: keepAliveMs,
      maxHeaderSize: 16_384,
      insecureHTTPParser: false,
    },
    front,
  );
  server.maxConnections = maxConnections;
  server.on('clientError', answerBrokenRequest);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return { url: urlOf(server, host), close: (timeoutMs) => closeServer(server, timeoutMs) };
}

const statusLines: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const body = '{"errors":[{"message":"The request is not HTTP.","extensions":{"code":"BAD_REQUEST"}}]}';
  const status = statusLines[error.code ?? ''] ?? '400 Bad Request';
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

async function closeServer(server: Server, timeoutMs: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), timeoutMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function urlOf(server: Server, host: string): URL {
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const isAny = host === '::' || host === '0.0.0.0';
  return new URL(`http://${isAny ? 'localhost' : host.includes(':') ? `[${host}]` : host}:${port}/`);
}
