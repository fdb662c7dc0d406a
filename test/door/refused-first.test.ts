import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { exchangeRaw } from '../support/raw.ts';
import { record, startTestUpstream, type TestUpstream } from '../support/upstream.ts';

let upstream: TestUpstream;
let gateway: TestGateway;
beforeAll(async () => {
  upstream = await startTestUpstream(record({ title: 'served' }));
  gateway = await startTestGateway({
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    UPSTREAM_URL: upstream.url,
    CORS_ORIGINS: 'https://listed.example',
  });
});
afterAll(async () => {
  await gateway.close();
  await upstream[Symbol.asyncDispose]();
});

const body = JSON.stringify({ query: '{ conference(tempConferenceId: "1") { title } }' });

// For each header: words of the usual values in any order, or any bytes that a header can carry.
const anyBytes = fc.string({
  unit: fc.oneof(
    fc.integer({ min: 0x20, max: 0x7e }).map((n) => String.fromCharCode(n)),
    fc.integer({ min: 0x80, max: 0xff }).map((n) => String.fromCharCode(n)),
    fc.constant('\t'),
  ),
  maxLength: 30,
});
const words = fc
  .array(
    fc.constantFrom(
      ...'application/json|application/graphql-response+json|text/event-stream|multipart/mixed|image/png'.split(
        '|',
      ),
      ...'text/html|*/*|*|application/*|;q=0|;q=0.5|;charset=utf8|;q="|,|"|\\|, '.split('|'),
      ...'identity|gzip|Bearer |Basic |abc|100-continue|chunked|0|9|https://listed.example'.split('|'),
    ),
    { maxLength: 5 },
  )
  .map((parts) => parts.join(''));
const names = [
  'accept accept-encoding accept-charset content-encoding content-type token authorization origin expect te trailer',
  'transfer-encoding content-length host connection upgrade x-request-id traceparent tracestate baggage cookie',
  'apollo-federation-include-trace apollo-require-preflight access-control-request-headers x-http-method-override',
  'if-none-match range http2-settings __proto__',
].flatMap((line) => line.split(' '));
const header = fc.tuple(fc.constantFrom(...names), fc.oneof(words, anyBytes));
const method = fc.constantFrom('POST', 'POST', 'POST', 'GET', 'OPTIONS', 'PUT', 'HEAD');

interface Sent {
  readonly method: string;
  readonly headers: readonly (readonly [string, string])[];
}

function bytesOf({ method, headers }: Sent): Buffer {
  const given = new Set(headers.map(([name]) => name));
  const usual: readonly (readonly [string, string])[] = [
    ['host', 'gateway'],
    ['content-type', 'application/json'],
    ['content-length', String(body.length)],
    ['token', 'abc'],
  ];
  const lines = [...usual.filter(([name]) => !given.has(name)), ...headers, ['connection', 'close']];
  const search = method === 'GET' ? `?query=${encodeURIComponent(JSON.parse(body).query)}` : '';
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.from(`${method} /graphql${search} HTTP/1.1\r\n${head}\r\n${body}`, 'latin1');
}

it('a request that is refused has made no call upstream, whatever its headers', async () => {
  const seen = { served: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(fc.record({ method, headers: fc.array(header, { maxLength: 4 }) }), async (sent) => {
      const before = upstream.received.length;
      const answer = await exchangeRaw(gateway.url, bytesOf(sent));
      const calls = upstream.received.length - before;
      const isServed = answer.includes('served');
      if (isServed) seen.served += 1;
      else seen.refused += 1;
      expect(calls).toBe(isServed ? 1 : 0);
      // A status 4xx, or 200 with UNAUTHENTICATED; never a 5xx.
      if (!isServed && sent.method !== 'OPTIONS')
        expect(answer).toMatch(/^(?:HTTP\/1\.1 100 Continue\r\n\r\n)?HTTP\/1\.1 (?:4\d\d|200) /);
    }),
    { numRuns: 600, interruptAfterTimeLimit: 20_000 },
  );
  expect(seen.served).toBeGreaterThan(20);
  expect(seen.refused).toBeGreaterThan(20);
  expect(gateway.events.filter(({ event }) => event === 'defect')).toEqual([]);
}, 30_000);
