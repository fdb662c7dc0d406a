import { createServer, type RequestListener, type Server } from 'node:http';
import { answerBrokenRequests } from './broken-requests.ts';

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
/** Half of it: Node takes what was written before the first expiry for progress, and waits once more. */
const unreadTimeoutMs = 7000;
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
      // The front asks for one, with an answer like its others.
      requireHostHeader: false,
    },
    front,
  );
  server.maxConnections = maxConnections;
  answerBrokenRequests(server);
  closeIdleReaders(server);
  // An expectation that is not known may be passed over; Node's own answer has no body.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return { url: urlOf(server, host), close: (timeoutMs) => closeServer(server, timeoutMs) };
}

// While an answer is made its socket may be still; once it is written, its reader has to read on. (Node itself sets the time to the
// next request, when the answer has left.)
function closeIdleReaders(server: Server): void {
  server.prependListener('request', ({ socket }, response) => {
    response.once('prefinish', () => socket.setTimeout(unreadTimeoutMs));
    response.prependOnceListener('finish', () => socket.setTimeout(0));
  });
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
