import type { ServerResponse } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codesOf, startTestGateway } from '../support/gateway.ts';
import { record, type Respond, startTestUpstream, text } from '../support/upstream.ts';

const timeoutMs = 400;
/** Added for a busy machine. The promise is at most a tenth more than the deadline. */
const marginMs = 300;

async function answered(respond: Respond, selection = 'title') {
  await using upstream = await startTestUpstream(respond);
  await using gateway = await startTestGateway({
    UPSTREAM_URL: upstream.url,
    UPSTREAM_TIMEOUT_MS: String(timeoutMs),
  });
  const startedAt = performance.now();
  const reply = await gateway.ask(`{ conference(tempConferenceId: "1") { ${selection} } }`);
  return {
    reply,
    tookMs: performance.now() - startedAt,
    calls: upstream.received.length,
    events: gateway.events,
  };
}

const drip = (response: ServerResponse, piece: string) => {
  const timer = setInterval(() => response.write(piece), 20);
  response.on('close', () => clearInterval(timer));
};

describe('an unusable answer', () => {
  it.each<{ what: string; respond: Respond; code: string }>([
    { what: 'not JSON', respond: text('<html>502</html>'), code: 'UPSTREAM_INVALID_RESPONSE' },
    { what: 'half a JSON', respond: text('{"status":0,"result":{"tit'), code: 'UPSTREAM_INVALID_RESPONSE' },
    { what: 'empty', respond: text(''), code: 'UPSTREAM_INVALID_RESPONSE' },
    { what: 'an array', respond: text('[]'), code: 'UPSTREAM_INVALID_RESPONSE' },
    { what: 'a text', respond: text('"ok"'), code: 'UPSTREAM_INVALID_RESPONSE' },
    { what: 'null', respond: text('null'), code: 'UPSTREAM_INVALID_RESPONSE' },
    { what: 'without a status', respond: text('{"result":{}}'), code: 'UPSTREAM_INVALID_RESPONSE' },
    {
      what: 'with a status that is a string',
      respond: text('{"status":"0","result":{}}'),
      code: 'UPSTREAM_INVALID_RESPONSE',
    },
    {
      what: 'with a status that is a fraction',
      respond: text('{"status":0.5}'),
      code: 'UPSTREAM_INVALID_RESPONSE',
    },
    {
      what: 'with a list for a record',
      respond: text('{"status":0,"result":[{"tempConferenceId":"1"}]}'),
      code: 'UPSTREAM_INVALID_RESPONSE',
    },
    {
      what: "another ID's record",
      respond: record({ tempConferenceId: '2' }),
      code: 'UPSTREAM_INVALID_RESPONSE',
    },
    {
      what: 'with two byte order marks',
      respond: text('\ufeff\ufeff{"status":0,"result":{}}'),
      code: 'UPSTREAM_INVALID_RESPONSE',
    },
    {
      what: 'not UTF-8',
      respond: (_, response) =>
        void response.end(Buffer.from('{"status":0,"result":{"title":"\xff"}}', 'latin1')),
      code: 'UPSTREAM_INVALID_RESPONSE',
    },
    {
      what: 'encoded',
      respond: text('x', 200, { 'content-encoding': 'gzip' }),
      code: 'UPSTREAM_INVALID_RESPONSE',
    },
    {
      what: 'a redirect',
      respond: text('', 302, { location: 'http://127.0.0.1:1/' }),
      code: 'UPSTREAM_INVALID_RESPONSE',
    },
    {
      what: 'a 304',
      respond: (_, response) => void response.writeHead(304).end(),
      code: 'UPSTREAM_INVALID_RESPONSE',
    },
    { what: 'a 404 without an envelope', respond: text('not found', 404), code: 'UPSTREAM_INVALID_RESPONSE' },
    {
      what: 'a 404 with an envelope',
      respond: text('{"status":4,"msg":"gone"}', 404),
      code: 'UPSTREAM_REJECTED',
    },
    {
      what: 'a 401 that says all is well',
      respond: text('{"status":0,"result":{}}', 401),
      code: 'UNAUTHENTICATED',
    },
    { what: 'a 403', respond: text('', 403), code: 'FORBIDDEN' },
    { what: 'a 429', respond: text('', 429), code: 'UPSTREAM_UNAVAILABLE' },
    {
      what: 'a 500 that says all is well',
      respond: text('{"status":0,"result":{}}', 500),
      code: 'UPSTREAM_UNAVAILABLE',
    },
    { what: 'never there', respond: () => undefined, code: 'UPSTREAM_TIMEOUT' },
    { what: 'a drip', respond: (_, response) => drip(response, ' '), code: 'UPSTREAM_TIMEOUT' },
    { what: 'cut off', respond: (_, response) => void response.destroy(), code: 'UPSTREAM_UNAVAILABLE' },
    {
      what: 'announced as 300 MB',
      respond: (_, response) => void response.writeHead(200, { 'content-length': 300e6 }).write('x'),
      code: 'UPSTREAM_INVALID_RESPONSE',
    },
    {
      what: '300 MB, unannounced',
      respond: (_, response) => {
        const chunk = Buffer.alloc(65_536, ' ');
        const write = () => {
          while (!response.destroyed && response.write(chunk));
        };
        response.on('drain', write);
        write();
      },
      code: 'UPSTREAM_INVALID_RESPONSE',
    },
    {
      what: 'a hundred thousand nested arrays',
      respond: text('['.repeat(100_000) + ']'.repeat(100_000)),
      code: 'UPSTREAM_INVALID_RESPONSE',
    },
  ])('($what) is $code, in time, with one error', async ({ respond, code }) => {
    const { reply, tookMs, events } = await answered(respond);
    expect(reply).toMatchObject({ status: 200, data: { conference: null } });
    expect(codesOf(reply)).toEqual([code]);
    expect(reply.errors[0]?.extensions['retryable']).toBe(
      /UNAVAILABLE|TIMEOUT/.test(code) ? true : undefined,
    );
    expect(tookMs).toBeLessThan(timeoutMs * 1.1 + marginMs);
    expect(events.filter(({ event }) => event === 'defect')).toEqual([]);
  });

  it('has its statuses and request ID in the error, and nothing else', async () => {
    const { reply } = await answered(
      text('{"status":40001,"msg":"不可\\u0000查询\\n","request_id":"rtsas-1.2"}', 200),
    );
    expect(reply.errors).toEqual([
      {
        message: '不可 查询',
        locations: [{ line: 1, column: 3 }],
        path: ['conference'],
        extensions: {
          code: 'UPSTREAM_REJECTED',
          upstream: { status: 40001, httpStatus: 200, requestId: 'rtsas-1.2' },
        },
      },
    ]);
  });

  it.each([
    { what: 'of 300 characters at most', msg: '会'.repeat(1000), shown: '会'.repeat(300) },
    { what: 'not cut inside a character', msg: `${'a'.repeat(299)}😀`, shown: 'a'.repeat(299) },
    { what: 'of ours where it is empty', msg: '', shown: 'The upstream refused and gave no reason.' },
    {
      what: 'of ours where it is no text',
      msg: { html: 1 },
      shown: 'The upstream refused and gave no reason.',
    },
  ])('has a message $what', async ({ msg, shown }) => {
    const { reply } = await answered(text(JSON.stringify({ status: 9, msg })));
    expect(reply.errors[0]?.message).toBe(shown);
  });
});

describe('any record, whatever it contains,', () => {
  it('gives data or errors with codes, and never a defect', async () => {
    const names = [
      'eventId',
      'title',
      'hostId',
      'hostName',
      'startTime',
      'stopTime',
      'confDuration',
      'isRecord',
      'status',
      'attendeeCnt',
    ];
    let result = '';
    await using upstream = await startTestUpstream(
      (_, response) => void response.end(`{"status":0,"result":${result}}`),
    );
    await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url });
    const value = fc.oneof(
      fc.jsonValue().map((one) => JSON.stringify(one)),
      fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.constantFrom(
        '1e400',
        '-0',
        '0',
        '1715600000',
        '"1715600000"',
        '253402300800',
        '-62135596801',
        '"\\ud800"',
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom(...names, '__proto__', 'constructor'), value, { minKeys: 1 }),
        async (fields) => {
          result = `{${Object.entries(fields)
            .map(([name, one]) => `${JSON.stringify(name)}:${one}`)
            .join(',')}}`;
          const reply = await gateway.ask(
            '{ conference(tempConferenceId: "1") { eventId title startTime stopTime durationSeconds isRecorded status statusCode host { user { id } name } counters { attendees } } }',
          );
          expect(reply.status).toBe(200);
          expect(new Set(codesOf(reply)).difference(new Set(['UPSTREAM_INVALID_FIELD']))).toEqual(new Set());
          expect(reply.data).toHaveProperty('conference.status');
        },
      ),
      { numRuns: 300 },
    );
    expect(gateway.events.filter(({ event }) => event === 'defect')).toEqual([]);
  });
});

describe('any interleaving of callers', () => {
  it('gives each caller the answer to its own token', async () => {
    await using upstream = await startTestUpstream((received, response) => {
      // The delay depends on the ID, so the answers come in another order than the requests.
      setTimeout(() => record({ title: received.token })(received, response), Number(received.id) % 7);
    });
    await using gateway = await startTestGateway({
      UPSTREAM_URL: upstream.url,
      UPSTREAM_CONCURRENCY: '8',
      UPSTREAM_QUEUE: '5000',
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ caller: fc.nat({ max: 9 }), id: fc.nat({ max: 20 }) }), {
          minLength: 1,
          maxLength: 60,
        }),
        async (asks) => {
          const titles = await Promise.all(
            asks.map(async ({ caller, id }) => {
              const reply = await gateway.ask(`{ conference(tempConferenceId: "${id}") { title } }`, {
                token: `caller-${caller}`,
              });
              return reply.data;
            }),
          );
          expect(titles).toEqual(asks.map(({ caller }) => ({ conference: { title: `caller-${caller}` } })));
        },
      ),
      { numRuns: 25 },
    );
  });
});
