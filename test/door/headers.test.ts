import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { exchangeRaw } from '../support/raw.ts';
import { record, startTestUpstream, type TestUpstream } from '../support/upstream.ts';
import { post, request } from './attack.ts';

const listed = 'https://admin.example.com';
let upstream: TestUpstream;
let gateway: TestGateway;
let sameOriginOnly: TestGateway;
beforeAll(async () => {
  upstream = await startTestUpstream(record());
  const env = { NODE_ENV: 'production', HOST: '127.0.0.1', UPSTREAM_URL: upstream.url };
  gateway = await startTestGateway({ ...env, CORS_ORIGINS: `${listed}, http://localhost:3000` });
  sameOriginOnly = await startTestGateway(env);
});
afterAll(async () => {
  await gateway.close();
  await sameOriginOnly.close();
  await upstream[Symbol.asyncDispose]();
});

const plain = '{"query":"{__typename}"}';
const answers: Readonly<Record<string, Buffer>> = {
  'an answer': post(plain),
  'an answer to a GET': request('GET /graphql?query={__typename}', {}),
  'an answer as events': request('GET /graphql?query={__typename}', { accept: 'text/event-stream' }),
  'a refused document': post('{"query":"{"}'),
  'a refused body': post('['),
  'a body that is too long': post(plain, { 'content-length': '5000000' }),
  'a method that is not allowed': request('PUT /graphql', {}),
  'an unknown path': request('GET /', {}),
  'a request for HTML': request('GET /graphql', { accept: 'text/html' }),
  'a preflight': request('OPTIONS /graphql', {}),
  '/livez': request('GET /livez', {}),
  '/readyz': request('GET /readyz', {}),
  'the answer to invalid HTTP': Buffer.from('GARBAGE\r\n\r\n'),
  'a header that is too long': post(plain, { token: 'x'.repeat(20_000) }),
  'a request without Host': request('GET /graphql', { host: undefined }),
};

function headersOf(answer: string): Record<string, string> {
  const [head = ''] = answer.split('\r\n\r\n');
  const lines = head
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(': '));
  return Object.fromEntries(lines.map(([name = '', ...value]) => [name.toLowerCase(), value.join(': ')]));
}

describe.each(Object.entries(answers))('%s', (_what, bytes) => {
  it('forbids caching and sniffing, and names no software', async () => {
    const answer = await exchangeRaw(gateway.url, bytes);
    const headers = headersOf(answer);
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    expect(headers).not.toHaveProperty('server');
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(answer).not.toMatch(/node|yoga|envelop|undici|apollo|express/i);
  });
});

describe('a page of a listed origin', () => {
  const preflight = (origin: string, names: string | null = 'content-type, token') =>
    request('OPTIONS /graphql', {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': names ?? undefined,
    });

  it.each([listed, 'http://localhost:3000'])('%s may send requests', async (origin) => {
    expect(headersOf(await exchangeRaw(gateway.url, preflight(origin)))).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'GET, POST, OPTIONS',
      'access-control-allow-headers': 'content-type, token',
      'access-control-max-age': '7200',
      vary: 'origin',
    });
  });

  it.each([
    {
      asked: 'apollographql-client-name,baggage,content-type,sentry-trace,token,tracestate,x-any',
      allowed: 'apollographql-client-name, baggage, content-type, sentry-trace, token, tracestate, x-any',
    },
    { asked: 'Content-Type , Token', allowed: 'Content-Type, Token' },
    { asked: "!#$%&'*+-.^_`|~9", allowed: "!#$%&'*+-.^_`|~9" },
    { asked: 'token, a b, ü, x:y, <b>, "q", *, ,baggage', allowed: 'token, baggage' },
    { asked: ' ,', allowed: undefined },
    { asked: null, allowed: undefined },
  ])('may send any header with a valid name ($asked)', async ({ asked, allowed }) => {
    const headers = headersOf(await exchangeRaw(gateway.url, preflight(listed, asked)));
    expect(headers['access-control-allow-origin']).toBe(listed);
    expect(headers['access-control-allow-headers']).toBe(allowed);
  });

  it('may read the answer, its request ID and its timing, but not send cookies', async () => {
    const headers = headersOf(await exchangeRaw(gateway.url, post(plain, { origin: listed })));
    expect(headers).toMatchObject({
      'access-control-allow-origin': listed,
      'access-control-expose-headers': 'x-request-id, server-timing, retry-after',
      vary: 'origin',
    });
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
  });

  it.each([
    'https://admin.example.com.evil.example',
    'https://evil.example',
    'https://ADMIN.example.com',
    'http://admin.example.com',
    'https://admin.example.com:8443',
    'https://admin.example.com, https://evil.example',
    'https://admin.example.com/',
    'null',
    '*',
    '',
  ])('is not a page of "%s": no CORS header allows it, and Vary tells caches', async (origin) => {
    for (const bytes of [preflight(origin), post(plain, { origin })]) {
      const headers = headersOf(await exchangeRaw(gateway.url, bytes));
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
      expect(headers['vary']).toBe('origin');
    }
  });

  it('does not exist if CORS_ORIGINS is empty', async () => {
    for (const bytes of [preflight(listed), post(plain, { origin: listed })]) {
      const headers = headersOf(await exchangeRaw(sameOriginOnly.url, bytes));
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  });
});

describe('x-request-id', () => {
  it.each(['abc', 'A.b_c-1', 'x'.repeat(128)])('%s is returned', async (id) => {
    expect(
      headersOf(await exchangeRaw(gateway.url, post(plain, { 'x-request-id': id })))['x-request-id'],
    ).toBe(id);
  });

  it.each(['', 'a b', 'x'.repeat(129), 'a/b', 'caf\xe9', '"', 'a, b', '../x'])(
    '"%s" is replaced by a new one',
    async (id) => {
      const headers = headersOf(await exchangeRaw(gateway.url, post(plain, { 'x-request-id': id })));
      expect(headers['x-request-id']).toMatch(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/);
    },
  );
});
