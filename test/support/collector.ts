import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';

/** One export as the collector received it. */
export interface ReceivedExport {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A collector of traces. It keeps the exports that it receives. */
export interface TestCollector extends AsyncDisposable {
  readonly url: string;
  readonly received: readonly ReceivedExport[];
  /** Waits until there are this many exports. */
  until(count: number): Promise<void>;
}

/** @param tls if it is set, the collector speaks HTTPS as localhost. */
export async function startCollector(
  respond: (response: ServerResponse) => void = (response) => void response.end('{}'),
  tls?: ServerOptions,
): Promise<TestCollector> {
  const received: ReceivedExport[] = [];
  const receive = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = await request.toArray();
    received.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) });
    server.emit('received');
    respond(response);
  };
  const server = tls ? createSecureServer(tls, receive) : createServer(receive);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`,
    received,
    async until(count) {
      while (received.length < count) await once(server, 'received');
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
