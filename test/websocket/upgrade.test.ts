import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { openPeer, type PeerOptions, refusedUpgrade } from '../support/socket.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ CORS_ORIGINS: 'https://app.example' });
});
afterAll(() => gateway.close());

const opens = async (options: PeerOptions = {}) => {
  const { socket } = await openPeer(gateway.url, options);
  const { protocol, extensions } = socket;
  socket.terminate();
  return { protocol, extensions };
};

describe('a WebSocket', () => {
  it('uses graphql-transport-ws, also if older subprotocols are offered too', async () => {
    expect((await opens()).protocol).toBe('graphql-transport-ws');
  });

  it('does not compress, even if the client offers it', async () => {
    expect((await opens({ perMessageDeflate: true })).extensions).toBe('');
  });

  it.each([
    { origin: undefined, why: 'a service' },
    { origin: 'https://app.example', why: 'a listed page' },
  ])('opens for $why', async ({ origin }) => {
    expect((await opens(origin === undefined ? {} : { origin })).protocol).toBe('graphql-transport-ws');
  });

  it('opens for a page of its own host, with or without TLS in front', async () => {
    for (const scheme of ['http', 'https']) await opens({ origin: `${scheme}://${gateway.url.host}` });
    await opens({ origin: 'https://gw.example', headers: { host: 'gw.example:443' } });
  });

  it.each([
    'https://evil.example',
    'https://app.example.evil.example',
    'http://app.example',
    // The gateway's own host at another port is another origin.
    'http://127.0.0.1:1',
    'null',
    'app.example',
    '',
  ])('is refused to a page of the origin "%s"', async (origin) => {
    expect(await refusedUpgrade(gateway.url, { headers: { origin } })).toBe(403);
  });

  it.each(['graphql-ws', 'soap', 'GraphQL-Transport-WS'])(
    'is refused to a client that offers only %s',
    async (protocol) => {
      expect(await refusedUpgrade(gateway.url, { protocol })).toBe(400);
    },
  );

  it('is refused at other paths', async () => {
    expect(await refusedUpgrade(new URL('/elsewhere', gateway.url))).toBe(404);
  });

  it.each([
    { what: 'another version', header: { 'sec-websocket-version': '8' }, status: 426 },
    { what: 'no version', header: { 'sec-websocket-version': '' }, status: 426 },
    { what: 'a key that is none', header: { 'sec-websocket-key': 'short' }, status: 400 },
    { what: 'a body', header: { 'content-length': '2' }, status: 400 },
  ])('is refused to an upgrade with $what, in the form of other refusals', async ({ header, status }) => {
    const { response, body } = await upgrade(header);
    expect(response.statusCode).toBe(status);
    expect(JSON.parse(body)).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
    expect(response.headers['x-request-id']).toBe('mine');
    expect(gateway.events.at(-1)).toMatchObject({
      event: 'request',
      requestId: 'mine',
      httpStatus: status,
      codes: ['BAD_REQUEST'],
    });
  });
});

async function upgrade(header: Readonly<Record<string, string>>) {
  const sent = request(gateway.url, {
    agent: false,
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'x-request-id': 'mine',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'sec-websocket-protocol': 'graphql-transport-ws',
      ...header,
    },
  });
  sent.end('content-length' in header ? '{}' : undefined);
  const [response] = await once(sent, 'response');
  return { response, body: await text(response) };
}

describe('a POST that offers h2c, as every Java HttpClient does,', () => {
  it('is answered in HTTP/1.1, and its connection stays open', async () => {
    const sent = request(gateway.url, {
      method: 'POST',
      headers: {
        connection: 'Upgrade, HTTP2-Settings',
        upgrade: 'h2c',
        'http2-settings': 'AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
        'content-type': 'application/json',
      },
    });
    sent.end(JSON.stringify({ query: '{ __typename }' }));
    const [response] = await once(sent, 'response');
    expect(response.statusCode).toBe(200);
    expect(response.httpVersion).toBe('1.1');
    expect(await text(response)).toBe('{"data":{"__typename":"Query"}}');
  });

  it('is also answered if it offers a WebSocket, because an upgrade must be a GET', async () => {
    const sent = request(gateway.url, {
      method: 'POST',
      headers: { connection: 'Upgrade', upgrade: 'websocket', 'content-type': 'application/json' },
    });
    sent.end(JSON.stringify({ query: '{ __typename }' }));
    const [response] = await once(sent, 'response');
    expect(await text(response)).toBe('{"data":{"__typename":"Query"}}');
  });
});
