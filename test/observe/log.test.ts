import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { type EventName, events, type GatewayEvent } from '../../src/observe/events.ts';
import { createLog, type LogLevel } from '../../src/observe/log/log.ts';
import { startTestGateway } from '../support/gateway.ts';
import { record, startTestUpstream, text } from '../support/upstream.ts';

function write(told: readonly GatewayEvent[], level: LogLevel = 'debug', readable = false): string {
  let written = '';
  const destination = { write: (line: string) => void (written += line) };
  const log = createLog({ level, readable, destination, clock: systemClock });
  for (const event of told) log(event);
  return written;
}

const linesOf = (written: string): Record<string, unknown>[] =>
  written
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

const samples = {
  string: fc.string(),
  number: fc.integer(),
  boolean: fc.boolean(),
  strings: fc.array(fc.string()),
};
const sampleOf = (kind: string) => {
  const sample = samples[kind.replace('?', '') as keyof typeof samples];
  return kind.endsWith('?') ? fc.option<unknown, undefined>(sample, { nil: undefined }) : sample;
};

/** Any event that the table allows, with texts of any characters. */
const anyEvent = fc.constantFrom(...(Object.keys(events) as EventName[])).chain((event) =>
  fc.record({
    event: fc.constant(event),
    ...Object.fromEntries(Object.entries(events[event].fields).map(([name, kind]) => [name, sampleOf(kind)])),
  }),
) as fc.Arbitrary<GatewayEvent>;

describe('the log', () => {
  it('writes one line of JSON per event, whatever its texts contain', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const [line, ...more] = linesOf(write([event]));
        expect(more).toEqual([]);
        expect(line).toMatchObject({ event: event.event, level: events[event.event].level });
      }),
    );
  });

  it('keeps a forged line break inside its string, also on a terminal', () => {
    const forged = 'x\n{"level":"error","message":"forged"}\u2028\u001b[2J';
    const told: GatewayEvent[] = [{ event: 'stopping', signal: forged }];
    expect(linesOf(write(told))).toMatchObject([{ signal: forged }]);
    const readable = write(told, 'debug', true);
    expect(readable.trimEnd()).not.toContain('\n');
    expect(readable).not.toContain('\u001b');
  });

  it('contains no field that is not in the table', () => {
    const told = { event: 'stopping', signal: 'SIGTERM', token: 'secret' } as GatewayEvent;
    expect(write([told])).not.toContain('secret');
  });

  it.each<{ level: LogLevel; written: EventName[] }>([
    { level: 'debug', written: ['driftSeen', 'stopping', 'circuitChanged', 'defect'] },
    { level: 'info', written: ['stopping', 'circuitChanged', 'defect'] },
    { level: 'warn', written: ['circuitChanged', 'defect'] },
    { level: 'error', written: ['defect'] },
    { level: 'silent', written: [] },
  ])('at $level writes $written', ({ level, written }) => {
    const told: GatewayEvent[] = [
      { event: 'driftSeen', endpoint: 'conference', kind: 'new', field: undefined },
      { event: 'stopping', signal: 'SIGTERM' },
      { event: 'circuitChanged', state: 'open' },
      { event: 'defect', name: 'TypeError', stack: '', requestId: undefined },
    ];
    const lines = write(told, level);
    expect(lines === '' ? [] : linesOf(lines).map(({ event }) => event)).toEqual(written);
  });
});

describe('the line of the start', () => {
  it('names the version and the commit', async () => {
    await using gateway = await startTestGateway({ COMMIT: '0123abc' });
    const { version, commit, node } =
      linesOf(write(gateway.events)).find(({ event }) => event === 'started') ?? {};
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(commit).toBe('0123abc');
    expect(node).toBe(process.version);
  });
});

describe('a request', () => {
  it('is one line, with its outcome and its cost', async () => {
    await using upstream = await startTestUpstream((received, response) =>
      received.id === '1'
        ? record({ title: 't' })(received, response)
        : text('{"status":7,"msg":"no","request_id":"up-7"}')(received, response),
    );
    await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url });
    await gateway.ask('query Two { conferences(tempConferenceIds: ["1", "2", "1"]) { title } }', {
      headers: {
        'x-request-id': 'request-1',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      },
    });
    const [line, ...more] = linesOf(write(gateway.events, 'info')).filter(({ event }) => event === 'request');
    expect(more).toEqual([]);
    expect(line).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      message: 'request',
      event: 'request',
      requestId: 'request-1',
      traceId: '0af7651916cd43dd8448eb211c80319c',
      operationName: 'Two',
      httpStatus: 200,
      durationMs: expect.any(Number),
      upstreamCalls: 2,
      upstreamMs: expect.any(Number),
      waitedMs: expect.any(Number),
      shared: 0,
      retries: 0,
      codes: ['UPSTREAM_REJECTED'],
      upstreamRequestIds: ['up-7'],
    });
  });

  it('has the first 128 characters of a long name', async () => {
    await using gateway = await startTestGateway();
    await gateway.ask(`query ${'N'.repeat(200)} { __typename }`);
    await expect
      .poll(() => linesOf(write(gateway.events, 'info')).find(({ event }) => event === 'request'))
      .toMatchObject({ operationName: 'N'.repeat(128) });
  });

  it('says how many of its calls were sent again', async () => {
    const failing = new Set(['1', '2']);
    await using upstream = await startTestUpstream((received, response) => {
      if (failing.delete(received.id)) response.destroy();
      else record()(received, response);
    });
    await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url });
    await gateway.ask('{ conferences(tempConferenceIds: ["1", "2", "3"]) { title } }');
    await expect
      .poll(() => linesOf(write(gateway.events, 'info')).find(({ event }) => event === 'request'))
      .toMatchObject({ upstreamCalls: 3, retries: 2, codes: [] });
  });

  it.each<{ what: string; answer: string; status?: number; query?: string; token?: null; code: string }>([
    { what: 'rejects', answer: '{"status":7}', code: 'UPSTREAM_REJECTED' },
    { what: 'fails', answer: '', status: 500, code: 'UPSTREAM_UNAVAILABLE' },
    { what: 'refuses the caller', answer: '', status: 401, code: 'UNAUTHENTICATED' },
    { what: 'sends nonsense', answer: '<html>', code: 'UPSTREAM_INVALID_RESPONSE' },
    {
      what: 'sends a bad field',
      answer: '{"status":0,"result":{"title":1}}',
      code: 'UPSTREAM_INVALID_FIELD',
    },
    { what: 'is not called: no token', answer: '', token: null, code: 'UNAUTHENTICATED' },
    { what: 'is not called: not GraphQL', answer: '', query: '{', code: 'GRAPHQL_PARSE_FAILED' },
    {
      what: 'is not called: not valid for the schema',
      answer: '',
      query: '{ x }',
      code: 'GRAPHQL_VALIDATION_FAILED',
    },
    {
      what: 'is not called: a bad ID',
      answer: '',
      query: '{ conference(tempConferenceId: "") { title } }',
      code: 'BAD_USER_INPUT',
    },
  ])(
    'that fails because the upstream $what is not logged as a defect',
    async ({ answer, status, query, token, code }) => {
      await using upstream = await startTestUpstream(text(answer, status));
      await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url });
      await gateway.ask(
        query ?? '{ conference(tempConferenceId: "1") { title } }',
        token === null ? { token } : {},
      );
      const lines = linesOf(write(gateway.events, 'info'));
      expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
      expect(lines.find(({ event }) => event === 'request')).toMatchObject({ codes: [code] });
    },
  );
});
