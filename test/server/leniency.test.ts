import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

const plain = JSON.stringify({ query: '{ __typename }' });
const served = { data: { __typename: 'Query' } };
const post = (
  body: string | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>> = {},
  url = gateway.url,
) => fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
const slashed = () => new URL('/graphql/', gateway.url);

describe('/graphql/', () => {
  it('answers a POST and a GET as /graphql does', async () => {
    expect(await (await post(plain, {}, slashed())).json()).toEqual(served);
    const url = new URL('?query={__typename}', slashed());
    expect(await (await fetch(url)).json()).toEqual(served);
    const preflight = await fetch(slashed(), { method: 'OPTIONS' });
    expect([preflight.status, preflight.headers.get('allow')]).toEqual([204, 'GET, POST, OPTIONS']);
  });

  it('redirects a browser to GraphiQL, by a relative path that works behind any prefix', async () => {
    const headers = { accept: 'text/html' };
    const moved = await fetch(new URL('?tab=1', slashed()), { headers, redirect: 'manual' });
    expect([moved.status, moved.headers.get('location')]).toEqual([308, '../graphql?tab=1']);
    const page = await fetch(slashed(), { headers });
    expect(page.url).toBe(gateway.url.href);
    expect(await page.text()).toContain('<title>GraphiQL');
  });
});

describe('/', () => {
  it('redirects to GraphiQL, by a relative path', async () => {
    const root = new URL('/', gateway.url);
    for (const method of ['GET', 'HEAD']) {
      const moved = await fetch(root, { method, redirect: 'manual' });
      expect([moved.status, moved.headers.get('location')]).toEqual([308, 'graphql']);
    }
    const page = await fetch(root, { headers: { accept: 'text/html' } });
    expect(page.url).toBe(gateway.url.href);
  });

  it('is 404 for a POST, and without GraphiQL', async () => {
    expect((await post(plain, {}, new URL('/', gateway.url))).status).toBe(404);
    await using closed = await startTestGateway({ GRAPHIQL: 'false' });
    expect((await fetch(new URL('/', closed.url), { redirect: 'manual' })).status).toBe(404);
  });
});

describe('a body with Content-Type', () => {
  it.each([
    ['application/json', 200],
    ['Application/JSON;charset=utf-8', 200],
    ['application/json ; charset=utf-8', 200],
    ['application/json\t; charset=utf-8', 200],
    ['application/json \t \t;', 200],
    ['application/json, text/plain', 415],
    ['application/json charset=utf-8', 415],
    ['application/jsonp', 415],
    ['text/plain; application/json', 415],
  ])('%j is answered with %i', async (type, status) => {
    expect((await post(plain, { 'content-type': type })).status).toBe(status);
  });
});

describe('a body with Content-Encoding', () => {
  it.each(['identity', 'Identity', ' identity , identity ', ''])(
    '%j, which changes nothing, is read',
    async (coding) => {
      expect(await (await post(plain, { 'content-encoding': coding })).json()).toEqual(served);
    },
  );

  it.each(['gzip', 'x', 'identity, gzip'])(
    '%s is 415, and the answer says which codings are supported',
    async (coding) => {
      const response = await post(gzipSync(plain), { 'content-encoding': coding });
      expect([response.status, response.headers.get('accept-encoding')]).toEqual([415, 'identity']);
    },
  );

  it('is not mentioned in a 415 for a wrong Content-Type', async () => {
    const response = await post(plain, { 'content-type': 'text/plain' });
    expect([response.status, response.headers.get('accept-encoding')]).toEqual([415, null]);
  });
});

describe.each(['variables', 'extensions'])('%s', (name) => {
  it('of [] count as absent, because PHP encodes an empty map so', async () => {
    expect(await (await post(JSON.stringify({ query: '{ __typename }', [name]: [] }))).json()).toEqual(
      served,
    );
    const url = new URL(`?query={__typename}&${name}=[]`, gateway.url);
    expect(await (await fetch(url)).json()).toEqual(served);
  });

  it('of [null] are refused', async () => {
    expect((await post(JSON.stringify({ query: '{ __typename }', [name]: [null] }))).status).toBe(400);
  });
});
