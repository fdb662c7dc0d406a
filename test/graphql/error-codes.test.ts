import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { domains } from '../../src/gateway/domains.ts';
import { type ErrorCode, errorCodes } from '../../src/graphql/error-codes.ts';
import { broken } from '../fixtures/broken/broken.ts';
import { codesOf, startTestGateway, type AskOptions, type TestGateway } from '../support/gateway.ts';
import { record, startTestUpstream, text, type TestUpstream } from '../support/upstream.ts';

let upstream: TestUpstream;
let gateway: TestGateway;
beforeAll(async () => {
  const answers: Readonly<Record<string, Parameters<typeof startTestUpstream>[0]>> = {
    forbidden: text('', 403),
    mapped: text('{"status":50013,"msg":"会议不存在"}'),
    rejected: text('{"status":9,"msg":"不行"}'),
    ill: text('', 503),
    silent: () => undefined,
    html: text('<html>'),
    field: record({ title: 7 }),
  };
  upstream = await startTestUpstream((received, response) =>
    (answers[received.id] ?? record())(received, response),
  );
  gateway = await startTestGateway(
    {
      UPSTREAM_URL: upstream.url,
      UPSTREAM_TIMEOUT_MS: '300',
      UPSTREAM_STATUS_CODES: '50013=NOT_FOUND',
      MAX_UPSTREAM_CALLS: '1',
      MAX_ANSWER_BYTES: '2000',
    },
    { domains: [...domains, broken] },
  );
});
afterAll(async () => {
  await gateway.close();
  await upstream[Symbol.asyncDispose]();
});

const one = (id: string) => `{ conference(tempConferenceId: "${id}") { title } }`;

// Other tests show these codes: overload.test.ts, test/live/ and trusted-documents.test.ts.
const ofOthers = [
  'OVERLOADED',
  'STREAM_ENDED',
  'TOO_MANY_WATCHED',
  'DOCUMENT_NOT_TRUSTED',
  'PERSISTED_QUERY_NOT_SUPPORTED',
] as const;

const asked: Readonly<
  Record<Exclude<ErrorCode, (typeof ofOthers)[number]>, readonly [query: string, options?: AskOptions]>
> = {
  UNAUTHENTICATED: [one('1'), { token: null }],
  FORBIDDEN: [one('forbidden')],
  NOT_FOUND: [one('mapped')],
  BAD_USER_INPUT: [one('')],
  UPSTREAM_REJECTED: [one('rejected')],
  UPSTREAM_UNAVAILABLE: [one('ill')],
  UPSTREAM_TIMEOUT: [one('silent')],
  UPSTREAM_INVALID_RESPONSE: [one('html')],
  UPSTREAM_INVALID_FIELD: [one('field')],
  TOO_MANY_UPSTREAM_CALLS: ['{ conferences(tempConferenceIds: ["1", "2"]) { title } }'],
  ANSWER_TOO_LARGE: [`{ conference(tempConferenceId: "long") { title ${'x'.repeat(2000)}: title } }`],
  GRAPHQL_PARSE_FAILED: ['{'],
  GRAPHQL_VALIDATION_FAILED: ['{ nothing }'],
  BAD_REQUEST: [one('1'), { headers: { 'content-type': 'text/plain' } }],
  INTERNAL_SERVER_ERROR: ['{ broken }'],
};

describe('over HTTP', () => {
  it.each(Object.entries(asked))('%s is the code for %j', async (code, [query, options]) => {
    expect(codesOf(await gateway.ask(query, options))).toEqual([code]);
  });

  it('each code of the table can be provoked', () => {
    expect([...Object.keys(asked), ...ofOthers].toSorted((a, b) => a.localeCompare(b))).toEqual(
      Object.keys(errorCodes).toSorted((a, b) => a.localeCompare(b)),
    );
  });
});

describe('a bug of the gateway', () => {
  it('is logged with the request ID and without its message, and is hidden from the caller', async () => {
    const reply = await gateway.ask('{ broken }', { headers: { 'x-request-id': 'mine' } });
    expect(JSON.stringify(reply.errors)).not.toContain('secret');
    const defect = gateway.events.findLast(({ event }) => event === 'defect');
    expect(defect).toMatchObject({ event: 'defect', name: 'Error', requestId: 'mine' });
    expect(JSON.stringify(defect)).not.toContain('secret');
    expect(JSON.stringify(defect)).toContain('broken.ts');
  });
});
