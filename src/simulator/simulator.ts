import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answer, type Ask, conferenceAnswer, endpointAnswer } from './answer.ts';
import type { SimulatedEndpoint } from './endpoint.ts';
import { failure } from './reply.ts';
import type { Reply } from './reply.ts';

export interface SimulatorOptions {
  /** 0, the default, is any free port. */
  readonly port?: number;
  /** 127.0.0.1 by default. */
  readonly host?: string;
  /** Unix milliseconds: the same clock gives the same bytes. */
  readonly now?: () => number;
  /** Further paths, for the other domains. */
  readonly endpoints?: readonly SimulatedEndpoint[];
}

/** A running upstream that speaks the contract. */
export interface Simulator {
  readonly url: URL;
  /** Requests received so far. */
  readonly calls: number;
  /** Stops listening and closes all connections, those with unanswered requests included. */
  close(): Promise<void>;
}

/** The contract's path for conferences. */
export const endpointPath = '/confopenapi/admin/dashboard/conference/info';

const maxBodyBytes = 65_536;

/** The request's body, or undefined if it is too long. It is read to its end anyway: a close before that could reset the connection before the answer is read. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= maxBodyBytes) chunks.push(chunk);
  }
  return bytes <= maxBodyBytes ? Buffer.concat(chunks).toString() : undefined;
}

function send(response: ServerResponse, { httpStatus, contentType, body }: Reply): void {
  response.writeHead(httpStatus, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  paths: ReadonlyMap<string | undefined, Ask>,
  now: () => number,
): Promise<void> {
  const ask = paths.get(request.url?.split('?')[0]);
  if (!ask) {
    request.resume();
    return send(response, failure(404, 404, `只有 ${[...paths.keys()].join('、')}`, now()));
  }
  if (request.method !== 'POST') {
    request.resume();
    response.setHeader('allow', 'POST');
    return send(response, failure(405, 405, '只接受 POST', now()));
  }
  const body = await readBody(request);
  if (body === undefined) return send(response, failure(413, 413, '请求体过大', now()));
  const token = request.headers['token'];
  const { delayMs, reply } = answer(body, Array.isArray(token) ? token.join(', ') : token, ask);
  if (delayMs === 0) return send(response, reply(now()));
  if (delayMs === Infinity) return;
  const timer = setTimeout(() => send(response, reply(now())), delayMs);
  response.once('close', () => clearTimeout(timer));
}

/** Starts the simulator. Rejects if it cannot listen at that address. */
export async function startSimulator({
  port = 0,
  host = '127.0.0.1',
  now = Date.now,
  endpoints = [],
}: SimulatorOptions = {}): Promise<Simulator> {
  let calls = 0;
  const paths = new Map<string | undefined, Ask>([
    [endpointPath, conferenceAnswer],
    ...endpoints.map((endpoint) => [endpoint.path, endpointAnswer(endpoint)] as const),
  ]);
  const server = createServer((request, response) => {
    calls += 1;
    // Only reading the body can fail, when the client has closed the connection: there is nobody left to answer.
    serve(request, response, paths, now).catch(() => response.destroy());
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a server on a port has an address');
  return {
    url: new URL(
      `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`,
    ),
    get calls() {
      return calls;
    },
    close() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
