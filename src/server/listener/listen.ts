import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { Server as NetServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Connections, type Open, trackConnections } from './connections.ts';

export interface ListenOptions {
  readonly port: number;
  readonly host: string;
  /** Milliseconds that a connection may idle after an answer. */
  readonly keepAliveMs: number;
  /** Takes the connections of requests for a WebSocket, out of HTTP. Undefined: there are none. */
  readonly webSockets?: {
    readonly accepts: (request: IncomingMessage) => boolean;
    readonly begin: (request: IncomingMessage, stream: Duplex, head: Buffer) => void;
  };
  /** Called for each response that has closed: it has left, or its client has. */
  readonly onClosed?: (response: ServerResponse) => void;
}

/** A socket that listens. */
export interface Listening {
  readonly url: URL;
  /** What is open now. */
  readonly count: () => Open;
  /** From now on answers close their connections; new connections are still taken. */
  readonly drain: () => void;
  /**
   * Takes no more connections, closes those that idle, lets what is under way finish for `timeoutMs` milliseconds, and then ends it.
   * Returns what it has ended so.
   */
  readonly close: (timeoutMs: number) => Promise<Open>;
}

// A client that is slow is closed within 15 s, whatever it is slow at.
const headersTimeoutMs = 10_000;
const requestTimeoutMs = 13_000;
const checkingIntervalMs = 1000;
const maxConnections = 10_000;
/** How long a request may still be on its way in when the listener has closed. */
const lateRequestMs = 1000;

/** @throws (rejects with) the system's error, such as EADDRINUSE. */
export async function listen(front: RequestListener, options: ListenOptions): Promise<Listening> {
  const { port, host, keepAliveMs, webSockets, onClosed = () => undefined } = options;
  const server = createServer({
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: checkingIntervalMs,
    keepAliveTimeout: keepAliveMs,
    maxHeaderSize: 16_384,
    insecureHTTPParser: false,
    // The front asks for one, with an answer like its others.
    requireHostHeader: false,
    // Any other is answered as an ordinary request: Java's HttpClient offers h2c with each, and a refusal has the form of others.
    shouldUpgradeCallback: (request) => connections.isQuiet(request) && webSockets?.accepts(request) === true,
  });
  server.maxConnections = maxConnections;
  const connections = trackConnections(server, front, onClosed);
  if (webSockets && canChooseUpgrades(process.versions.node)) server.on('upgrade', webSockets.begin);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const timingReaders = setInterval(connections.timeReaders, checkingIntervalMs).unref();
  server.once('close', () => clearInterval(timingReaders));
  return {
    url: urlOf(server, host),
    count: connections.count,
    drain: connections.drain,
    close: (timeoutMs) => closeServer(server, connections, timeoutMs),
  };
}

// Node before 24.9 would hand on every request that offers an upgrade, whatever the callback says. There, all are answered in HTTP.
function canChooseUpgrades(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 9);
}

async function closeServer(server: Server, connections: Connections, timeoutMs: number): Promise<Open> {
  let ended: Open = { connections: 0, requests: 0 };
  const closed = new Promise((resolve) => server.once('close', resolve));
  // Not the HTTP server's own: it would stop looking for slow clients.
  NetServer.prototype.close.call(server);
  connections.close();
  const noLateRequests = setInterval(connections.endUnlessAwaited, lateRequestMs);
  const timeout = setTimeout(() => {
    ended = connections.count();
    server.closeAllConnections();
    connections.endWebSockets();
  }, timeoutMs);
  await closed;
  clearInterval(noLateRequests);
  clearTimeout(timeout);
  // Stops the looking for slow clients.
  server.close();
  return ended;
}

function urlOf(server: Server, host: string): URL {
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const isAny = host === '::' || host === '0.0.0.0';
  return new URL(`http://${isAny ? 'localhost' : host.includes(':') ? `[${host}]` : host}:${port}/`);
}
