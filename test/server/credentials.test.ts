import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { exchangeRaw, rawPost } from '../support/raw.ts';
import { record, startTestUpstream, type TestUpstream } from '../support/upstream.ts';

let upstream: TestUpstream;
let gateway: TestGateway;
beforeAll(async () => {
  upstream = await startTestUpstream(record());
  gateway = await startTestGateway({ UPSTREAM_URL: upstream.url });
});
afterAll(async () => {
  await gateway.close();
  await upstream[Symbol.asyncDispose]();
});

const conference = '{ conference(tempConferenceId: "1") { tempConferenceId } }';

/** Sends a request with these header lines. Returns the answer, and the calls that reached the upstream. */
async function send(headerLines: readonly string[], query = conference) {
  const before = upstream.received.length;
  const answer = await exchangeRaw(gateway.url, rawPost(query, headerLines));
  return { answer, received: upstream.received.slice(before) };
}

describe('a credential', () => {
  it.each([
    { lines: ['token: abc'], sent: 'abc' },
    { lines: ['Token:   abc  '], sent: 'abc' },
    { lines: ['authorization: Bearer abc'], sent: 'abc' },
    { lines: ['authorization: bearer abc'], sent: 'abc' },
    { lines: ['token: abc', 'authorization: Bearer abc'], sent: 'abc' },
    { lines: ['token: abc', 'authorization: Basic eDp5'], sent: 'abc' },
    { lines: ['token: ', 'authorization: Bearer abc'], sent: 'abc' },
    // A router with overlapping header rules sends the header twice; a proxy may join the two lines.
    { lines: ['token: abc', 'token: abc'], sent: 'abc' },
    { lines: ['token: abc', 'Token: abc', 'TOKEN:  abc '], sent: 'abc' },
    { lines: ['token: abc, abc'], sent: 'abc' },
    { lines: ['token: abc,abc ,  abc'], sent: 'abc' },
    { lines: ['token: abc', 'token: abc, abc'], sent: 'abc' },
    { lines: ['token:', 'token: abc'], sent: 'abc' },
    { lines: ['authorization: Bearer abc', 'authorization: Bearer abc'], sent: 'abc' },
    { lines: ['authorization: Bearer abc', 'Authorization: bearer  abc'], sent: 'abc' },
    { lines: ['authorization: Bearer abc, Bearer abc'], sent: 'abc' },
    { lines: ['authorization: Bearer abc,BEARER abc', 'token: abc', 'token: abc'], sent: 'abc' },
    { lines: ['authorization: Basic eDp5', 'authorization: Basic eDp5', 'token: abc'], sent: 'abc' },
    // Another scheme is no credential, on any line: a proxy may add one of its own.
    { lines: ['authorization: Basic eDp5', 'authorization: Bearer abc'], sent: 'abc' },
    { lines: ['authorization: Bearer abc', 'authorization: Digest a="b", c="d"'], sent: 'abc' },
    { lines: ['authorization: Basic a', 'authorization: Basic b', 'token: abc'], sent: 'abc' },
    { lines: ['token: abc', 'authorization: Bearer abc', 'authorization: Basic b'], sent: 'abc' },
    // A comma may be part of a token.
    { lines: ['token: a,b'], sent: 'a,b' },
    { lines: ['token: a,', 'token: a,'], sent: 'a,' },
    { lines: [`token: ${'x'.repeat(8192)}`], sent: 'x'.repeat(8192) },
  ])('in $lines is sent to the upstream', async ({ lines, sent }) => {
    const { answer, received } = await send(lines);
    expect(answer).toContain('"data":{"conference":{"tempConferenceId":"1"}}');
    expect(received.map(({ token }) => token)).toEqual([sent]);
  });

  it.each([
    { lines: [] },
    { lines: ['token:'] },
    { lines: ['authorization: Bearer '] },
    { lines: ['authorization: Basic eDp5'] },
    { lines: ['token: a', 'authorization: Bearer b'] },
    { lines: ['token: a', 'token: b'] },
    { lines: ['token: a', 'token: A'] },
    { lines: ['token: a, b'] },
    { lines: ['token: a, a, b'] },
    { lines: ['token: a, b, a'] },
    { lines: ['token: a, a', 'token: b'] },
    { lines: ['token: a, a', 'authorization: Bearer b'] },
    { lines: ['authorization: Bearer a', 'authorization: Bearer b'] },
    { lines: ['authorization: Bearer a, Bearer b'] },
    { lines: ['token: a b, a b'] },
    { lines: [`token: ${'x'.repeat(8193)}`.concat(',', 'x'.repeat(2))] },
    { lines: ['token: a', 'authorization: Basic c', 'authorization: Bearer b'] },
    { lines: ['authorization: Basic c', 'authorization: Bearer a', 'authorization: Bearer b'] },
    { lines: ['authorization: Basic c', 'authorization: Digest a="b", c="d"'] },
    // On one line they cannot be told apart: a comma may be part of either.
    { lines: ['authorization: Basic c, Bearer a'] },
    { lines: ['authorization: Bearer a, Basic c'] },
    { lines: ['token: a b'] },
    { lines: ['token: caf\u00e9'] },
    { lines: ['token: a,a\u00a0'] },
    { lines: ['token: a\tb'] },
    { lines: ['authorization: Bearer a b'] },
    { lines: [`token: ${'x'.repeat(8193)}`] },
  ])(
    'that is missing or unusable ($lines) is UNAUTHENTICATED, without a call upstream',
    async ({ lines }) => {
      const { answer, received } = await send(lines);
      expect(answer).toMatch(/^HTTP\/1\.1 200 /);
      expect(answer).toContain('"code":"UNAUTHENTICATED"');
      expect(received).toEqual([]);
    },
  );

  it('is not needed for a query that needs no upstream', async () => {
    expect((await send([], '{ __typename }')).answer).toContain('"data":{"__typename":"Query"}');
  });

  it('is sent upstream unchanged or not at all, for any bytes in the header', async () => {
    const bytes = fc.string({
      unit: fc.integer({ min: 0x20, max: 0xff }).map((n) => String.fromCharCode(n)),
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(bytes, async (token) => {
        const { received } = await send([`token: ${token}`]);
        const trimmed = token.replace(/^[ \t]+|[ \t]+$/g, '');
        const parts = trimmed.split(',').map((part) => part.replace(/^[ \t]+|[ \t]+$/g, ''));
        const [duplicate = ''] = parts.length > 1 && new Set(parts).size === 1 ? parts : [];
        const given = duplicate || trimmed;
        expect(received.map((one) => one.token)).toEqual(/^[\x21-\x7e]+$/.test(given) ? [given] : []);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a call upstream', () => {
  it('carries the request ID and the trace context, and no other header of the client', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const { answer, received } = await send([
      'token: t',
      'x-request-id: req-1',
      `traceparent: ${traceparent}`,
      'cookie: session=1',
      'x-forwarded-for: 10.0.0.1',
      'accept-language: zh',
    ]);
    expect(answer).toMatch(/x-request-id: req-1\r\n/i);
    const headers = received[0]?.headers ?? {};
    expect(headers).toMatchObject({ 'x-request-id': 'req-1', traceparent });
    expect(Object.keys(headers).toSorted()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'content-length',
      'content-type',
      'host',
      'token',
      'traceparent',
      'x-request-id',
    ]);
  });

  it('carries none of the headers that client libraries add', async () => {
    const added = [
      'baggage',
      'sentry-trace',
      'tracestate',
      'apollographql-client-name',
      'cookie',
      'x-b3-traceid',
    ];
    const { answer, received } = await send(['token: t', ...added.map((name) => `${name}: canary=1`)]);
    expect(answer).toContain('"data":{"conference"');
    expect(received).toHaveLength(1);
    expect(JSON.stringify(received[0]?.headers)).not.toContain('canary');
  });

  it('carries a traceparent of a later version as version 00', async () => {
    const later = 'cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-comes-later';
    const { received } = await send(['token: t', `traceparent: ${later}`]);
    expect(received[0]?.headers['traceparent']).toBe(
      '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    );
  });

  it.each(['a b', 'x'.repeat(129), 'ä', '<script>', ''])(
    'carries a new request ID instead of %j',
    async (given) => {
      const { answer, received } = await send(['token: t', `x-request-id: ${given}`]);
      const [, echoed] = /x-request-id: (\S+)\r\n/i.exec(answer) ?? [];
      expect(echoed).toMatch(/^[A-Za-z0-9._-]{1,128}$/);
      expect(received[0]?.headers['x-request-id']).toBe(echoed);
    },
  );

  it.each([
    '00-0-0-01',
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    'ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  ])('carries no trace context if it is invalid (%s)', async (traceparent) => {
    const { received } = await send(['token: t', `traceparent: ${traceparent}`]);
    expect(received[0]?.headers).not.toHaveProperty('traceparent');
  });
});
