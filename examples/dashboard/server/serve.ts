import { once } from 'node:events';
import { readFileSync, globSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, request as ask, type ServerResponse } from 'node:http';
import { request as askSecurely } from 'node:https';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

export interface ServeOptions {
  /** The folder that was built. */
  readonly folder: string;
  /** The gateway that `/graphql` is passed on to. Unset: files alone. */
  readonly gatewayUrl?: string | undefined;
  readonly port?: number;
  readonly host?: string;
}

export interface Served extends AsyncDisposable {
  readonly url: string;
}

/** Serves the page and, behind the same origin, its gateway: what nginx or any other server does in production. */
export async function serveDashboard(options: ServeOptions): Promise<Served> {
  const { folder, gatewayUrl, port = 0, host = '127.0.0.1' } = options;
  const files = readFiles(folder);
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://page');
    if (pathname === '/graphql' && gatewayUrl) return passOn(gatewayUrl, request, response);
    const file = files.get(pathname === '/' ? '/index.html' : pathname);
    if (!file) return void response.writeHead(404).end();
    response.writeHead(200, file.headers).end(file.bytes);
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}/`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** All files of the page, by the path of their URL. They are few and small, and no path of a request ever reaches the disk. */
function readFiles(folder: string) {
  const names = globSync('**/*', { cwd: folder }).filter((name) => statSync(join(folder, name)).isFile());
  return new Map(
    names.map((name) => {
      const headers = {
        'content-type': types[extname(name)] ?? 'application/octet-stream',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        // A policy in the page itself cannot say this.
        'content-security-policy': "frame-ancestors 'none'",
        // Names under assets/ carry the hash of what is in them.
        'cache-control': name.startsWith('assets') ? 'public, max-age=31536000, immutable' : 'no-cache',
      };
      return [`/${name.replaceAll('\\', '/')}`, { headers, bytes: readFileSync(join(folder, name)) }];
    }),
  );
}

/** Passes a request on, and its answer back as it comes: an event must not wait for the next. */
function passOn(gatewayUrl: string, request: IncomingMessage, response: ServerResponse): void {
  const { method, headers } = request;
  const target = new URL(gatewayUrl);
  const send = target.protocol === 'https:' ? askSecurely : ask;
  const upstream = send(target, { method, headers: { ...headers, host: target.host } }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    response.flushHeaders();
    answer.on('error', () => response.destroy()).pipe(response);
  });
  upstream.on('error', () => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end();
  });
  response.on('close', () => upstream.destroy());
  request.pipe(upstream);
}
