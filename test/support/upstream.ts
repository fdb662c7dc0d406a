import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as the upstream of a test received it. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
  /** From the header or the body. */
  readonly token: string | undefined;
  readonly id: string;
}

export type Respond = (received: Received, response: ServerResponse) => void;

/** An upstream whose answers the test defines. It keeps the requests that it receives. */
export interface TestUpstream extends AsyncDisposable {
  readonly url: string;
  readonly received: readonly Received[];
}

export async function startTestUpstream(respond: Respond): Promise<TestUpstream> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    const body: Record<string, unknown> = JSON.parse(text);
    const token = request.headers['token'] ?? body['token'];
    const one: Received = {
      path: request.url ?? '',
      headers: request.headers,
      body,
      token: typeof token === 'string' ? token : undefined,
      id: String(body['tempConferenceId']),
    };
    received.push(one);
    respond(one, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Answers with this text, unchanged. */
export const text =
  (body: string, status = 200, headers: Readonly<Record<string, string>> = {}): Respond =>
  (_received, response) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);

/** Gives a good answer with this record. It repeats the requested ID, unless `fields` has another one. */
export const record =
  (fields: Readonly<Record<string, unknown>> = {}): Respond =>
  (received, response) =>
    text(JSON.stringify({ status: 0, msg: 'success', result: { tempConferenceId: received.id, ...fields } }))(
      received,
      response,
    );
