import { once } from 'node:events';
import { get, IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createGraphiqlPage } from '../../../src/server/graphiql/page.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';

let gateway: TestGateway;
let page: string;
let paths: string[];
beforeAll(async () => {
  gateway = await startTestGateway();
  page = await (await fetch(gateway.url, { headers: asBrowser })).text();
  paths = page.match(/graphql\/[\w-]{12}\/[\w-]+\.\w+/g) ?? [];
});
afterAll(() => gateway.close());

const asBrowser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

/** Receives the bytes as sent: fetch would decompress them. */
async function receive(path: string, acceptEncoding: string) {
  const request = get(new URL(path, gateway.url), { headers: { 'accept-encoding': acceptEncoding } });
  const [response]: IncomingMessage[] = await once(request, 'response');
  const body = Buffer.concat(await response!.toArray());
  return { status: response!.statusCode, headers: response!.headers, body };
}

describe('the GraphiQL page', () => {
  it('may load from and connect to its own origin only, and is never cached', async () => {
    const { status, headers } = await fetch(gateway.url, { headers: asBrowser });
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
  });

  it('contains its icon, because a browser would otherwise request one and report a 404', () => {
    expect(page).toContain('<link rel="icon" href="data:');
  });

  it('shows a query and a token as text: no tag in them ends the script that holds them', () => {
    const text = '</script><script src="https://other.example/x.js"></script><!--';
    const made = createGraphiqlPage({ tabs: [`{ a } # ${text}`], token: text });
    const response = new ServerResponse(new IncomingMessage(new Socket()));
    const end = vi.spyOn(response, 'end');
    made.answerPage(response);
    const html = String(end.mock.calls[0]?.[0]);
    expect(html).toContain('other.example');
    const held = html.match(/<script type="application\/json" id="data">(.*?)<\/script>/)?.[1] ?? '';
    expect(held).not.toContain('<');
    const { options } = JSON.parse(held);
    expect(options.query).toBe(`{ a } # ${text}`);
    expect(JSON.parse(options.defaultHeaders)).toEqual({ token: text });
  });

  it.each([
    { when: 'if GRAPHIQL is false', env: { GRAPHIQL: 'false' } },
    {
      when: 'in production',
      env: { NODE_ENV: 'production', HOST: '127.0.0.1', UPSTREAM_URL: 'http://127.0.0.1:9/' },
    },
  ])('is not served $when, nor are its files', async ({ env }) => {
    await using without = await startTestGateway(env);
    const response = await fetch(without.url, { headers: asBrowser });
    expect(await response.text()).not.toContain('<html');
    for (const path of paths) expect((await fetch(new URL(path, without.url))).status).toBe(404);
  });
});

describe('the files of the page', () => {
  it('are the style sheet, the library, the start script and three workers', () => {
    expect(paths.map((path) => path.split('/').at(-1))).toEqual([
      'graphiql.css',
      'graphiql.js',
      'start.js',
      'editor-worker.js',
      'graphql-worker.js',
      'json-worker.js',
    ]);
  });

  it('can be cached for ever, and are compressed', async () => {
    const received = await Promise.all(paths.map((path) => receive(path, 'gzip, deflate, br')));
    for (const { headers } of received) {
      expect(headers).toMatchObject({
        'cache-control': 'public, max-age=31536000, immutable',
        'content-encoding': 'gzip',
        'content-type': expect.stringMatching(/^text\/(css|javascript); charset=utf-8$/),
        'x-content-type-options': 'nosniff',
        vary: 'accept-encoding',
      });
    }
    expect(received.reduce((bytes, { body }) => bytes + body.length, 0)).toBeLessThan(2_500_000);
  });

  it.each(['identity', 'br', 'gzip;q=0', ''])(
    'are not compressed if Accept-Encoding is %j',
    async (accepted) => {
      for (const path of paths) {
        const { headers, body } = await receive(path, accepted);
        expect(headers['content-encoding']).toBeUndefined();
        expect(body.equals(gunzipSync((await receive(path, 'gzip')).body))).toBe(true);
      }
    },
  );

  it('are 404 under another digest', async () => {
    for (const path of paths) {
      const { status } = await receive(path.replace(/[\w-]{12}/, 'AAAAAAAAAAAA'), 'gzip');
      expect(status).toBe(404);
    }
  });
});
