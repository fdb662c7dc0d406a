import { createServer, type IncomingMessage, type Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Connections, type Open, trackConnections } from './connections.ts';
import type { Front } from './front.ts';

export interface ListenOptions {
  readonly port: number;
  readonly host: string;
  /** Milliseconds that a connection may be idle after an answer. */
  readonly keepAliveMs: number;
  /** Takes over the connections of WebSocket upgrades. Undefined: no upgrade is accepted. */
  readonly webSockets?: {
    readonly accepts: (request: IncomingMessage) => boolean;
    readonly begin: (request: IncomingMessage, stream: Duplex, head: Buffer) => void;
  };
}

/** A server that listens. */
export interface Listening {
  readonly url: URL;
  readonly count: () => Open;
  /** From now on, answers say `connection: close`. New connections are still accepted. */
  readonly drain: () => void;
  /**
   * Stops listening and closes idle connections. Requests may finish for `timeoutMs` milliseconds; then all connections are destroyed.
   * Returns what was destroyed.
   */
  readonly close: (timeoutMs: number) => Promise<Open>;
}

// Together with the checking interval: every slow client is closed within 15 s.
const headersTimeoutMs = 10_000;
const requestTimeoutMs = 13_000;
const checkingIntervalMs = 1000;
const maxConnections = 10_000;
/** After the listener has closed, a request that began before may take this long to arrive. */
const lateRequestMs = 1000;

/** @throws (rejects with) the system's error, such as EADDRINUSE. */
export async function listen(front: Front, options: ListenOptions): Promise<Listening> {
  const { port, host, keepAliveMs, webSockets } = options;
  const server = createServer({
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: checkingIntervalMs,
    keepAliveTimeout: keepAliveMs,
    maxHeaderSize: 16_384,
    insecureHTTPParser: false,
    // The front checks it, so that the refusal has the form of all others.
    requireHostHeader: false,
    // Any other upgrade is answered as an ordinary request: Java's HttpClient offers h2c with every request, and a refused WebSocket gets
    // a refusal of the usual form.
    shouldUpgradeCallback: (request) => connections.isIdle(request) && webSockets?.accepts(request) === true,
  });
  server.maxConnections = maxConnections;
  const connections = trackConnections(server, front);
  if (webSockets && canChooseUpgrades(process.versions.node)) server.on('upgrade', webSockets.begin);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const readerCheck = setInterval(connections.checkReaders, checkingIntervalMs).unref();
  server.once('close', () => clearInterval(readerCheck));
  return {
    url: urlOf(server, host),
    count: connections.count,
    drain: connections.drain,
    close: (timeoutMs) => closeServer(server, connections, timeoutMs),
  };
}

// Node before 24.9 ignores `shouldUpgradeCallback` and gives every offered upgrade to a listener. Without one, it answers them as HTTP.
function canChooseUpgrades(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 9);
}

async function closeServer(server: Server, connections: Connections, timeoutMs: number): Promise<Open> {
  let ended: Open = { connections: 0, requests: 0 };
  const closed = new Promise((resolve) => server.once('close', resolve));
  // The HTTP server's own `close` would stop the check for slow clients.
  NetServer.prototype.close.call(server);
  connections.close();
  const lateRequestCheck = setInterval(connections.destroyIdle, lateRequestMs);
  const timeout = setTimeout(() => {
    ended = connections.count();
    server.closeAllConnections();
    connections.destroyWebSockets();
  }, timeoutMs);
  await closed;
  clearInterval(lateRequestCheck);
  clearTimeout(timeout);
  // Stops the check for slow clients.
  server.close();
  return ended;
}

function urlOf(server: Server, host: string): URL {
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const isAny = host === '::' || host === '0.0.0.0';
  return new URL(`http://${isAny ? 'localhost' : host.includes(':') ? `[${host}]` : host}:${port}/`);
}
