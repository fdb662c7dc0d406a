import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allCanaries, canaries, canariesIn, canaryHeader } from '../support/canaries.ts';
import { startCollector } from '../support/collector.ts';
import { type Fault, startFaultServer } from '../support/fault-server.ts';
import { cutAt, drip, http, send, sendAndClose, stall } from '../support/faults.ts';
import { type WatchedProcess, startWatchedProcess } from '../support/watched-process.ts';
import { exchangeRaw, rawPost } from '../support/raw.ts';

const hostRecord = {
  title: allCanaries,
  hostName: canaries.name,
  hostEmail: canaries.email,
  hostMobile: canaries.mobile,
  hostIp: canaries.ip,
  pcode2: canaries.password,
};
const all =
  'title startTime statusCode participantPassword host { name email mobile ip user { id } } counters { attendees }';
const query = `{ conference(tempConferenceId: "1") { ${all} } }`;

const json = (value: unknown): Fault => send(http(JSON.stringify(value)));
const answer = (record: Readonly<Record<string, unknown>>) =>
  json({ status: 0, msg: allCanaries, request_id: canaries.email, result: { ...hostRecord, ...record } });
const head = (lines: string) => `HTTP/1.1 200 ${canaryHeader}\r\n${lines}\r\n`;

/** Answers and faults of an upstream, with the canaries in every place that it controls. */
const faults: Readonly<Record<string, Fault>> = {
  'all is well': answer({}),
  'fields of other types': answer({
    title: { [canaries.email]: canaries.name },
    hostId: canaries.token,
    startTime: canaries.mobile + canaries.mobile,
    status: canaries.password,
    attendeeCnt: [canaries.ip],
  }),
  'fields that are new': answer(Object.fromEntries(Object.values(canaries).map((value) => [value, value]))),
  'the record of another': answer({ tempConferenceId: canaries.mobile }),
  'a rejection': json({ status: 7, msg: allCanaries, request_id: canaries.name, result: hostRecord }),
  'no envelope': json({ status: canaries.token, result: hostRecord }),
  'no JSON': send(http(`<html>${allCanaries}`)),
  'half a JSON': send(http(JSON.stringify({ status: 0, result: hostRecord }).slice(0, -20))),
  'no UTF-8': send(http(Buffer.from(`{"status":0,"msg":"\xff${canaryHeader}"}`, 'latin1'))),
  '401': send(http(allCanaries, { status: 401 })),
  '403': send(http(allCanaries, { status: 403 })),
  '429': send(http(allCanaries, { status: 429, headers: `retry-after: ${canaryHeader}\r\n` })),
  '500': send(http(allCanaries, { status: 500 })),
  '503': send(http(allCanaries, { status: 503 })),
  'a redirect': send(
    http('', { status: 302, headers: `location: http://${canaries.ip}/?${canaries.token}\r\n` }),
  ),
  'an encoding': send(http(allCanaries, { headers: `content-encoding: ${canaryHeader}\r\n` })),
  'headers too many': send(http('', { headers: `x: ${canaryHeader.repeat(300)}\r\n` })),
  'a header that is none': send(`${head(canaryHeader)}\r\n`),
  'a length that is none': send(`${head(`content-length: ${canaryHeader}\r\n`)}{}`),
  'a chunk that is none': send(`${head('transfer-encoding: chunked\r\n')}${canaryHeader}\r\n`),
  'no HTTP': sendAndClose(`${canaryHeader}\r\n\r\n`),
  'an upgrade': send(
    `HTTP/1.1 101 ${canaryHeader}\r\nupgrade: ${canaryHeader}\r\nconnection: upgrade\r\n\r\n${canaryHeader}`,
  ),
  'too much': send(http(JSON.stringify({ status: 0, msg: allCanaries.repeat(10_000) }))),
  'an end in the middle': cutAt(() => http(JSON.stringify({ status: 0, result: hostRecord })), 200, 'closed'),
  'a reset in the middle': cutAt(() => http(JSON.stringify({ status: 0, result: hostRecord })), 200, 'reset'),
  'an answer too many': send(Buffer.concat([http(allCanaries), http(allCanaries)])),
  'a drip': drip(http(allCanaries).subarray(0, -20).toString('latin1')),
  'no answer': stall,
};

const quoted = JSON.stringify(allCanaries);
const json415 = { 'content-type': `text/plain; x="${canaries.token}"` };

/** Requests of a client, with the canaries in every place that it controls. */
const attacks: Readonly<Record<string, { body: string; headers?: Record<string, string>; path?: string }>> = {
  'an ID': { body: JSON.stringify({ query: `{ conference(tempConferenceId: ${quoted}) { title } }` }) },
  'variables of a wrong type': {
    body: JSON.stringify({
      query: 'query ($id: ID!) { conference(tempConferenceId: $id) { title } }',
      variables: { id: { allCanaries } },
    }),
  },
  'variables that nobody asked for': { body: JSON.stringify({ query, variables: { allCanaries } }) },
  'no GraphQL': { body: JSON.stringify({ query: `{ conference(tempConferenceId: ${quoted}` }) },
  'not of the schema': { body: JSON.stringify({ query: `{ conference(id: ${quoted}) { title } }` }) },
  'an operation that is not there': { body: JSON.stringify({ query, operationName: allCanaries }) },
  representations: {
    body: JSON.stringify({
      query: 'query ($all: [_Any!]!) { _entities(representations: $all) { __typename } }',
      variables: {
        all: [
          { __typename: canaries.name, allCanaries },
          { __typename: 'Conference', tempConferenceId: { allCanaries } },
        ],
      },
    }),
  },
  'no JSON': { body: allCanaries },
  'a list': { body: JSON.stringify([{ query: allCanaries }]) },
  extensions: { body: JSON.stringify({ query, extensions: { allCanaries } }) },
  'another type': { body: allCanaries, headers: json415 },
  'a body that is too long': { body: JSON.stringify({ query, x: allCanaries.repeat(2000) }) },
  headers: {
    body: JSON.stringify({ query }),
    headers: {
      authorization: `Bearer ${canaries.token}2`,
      cookie: canaryHeader,
      'user-agent': canaryHeader,
      accept: canaryHeader,
      'x-request-id': canaries.email,
      'x-forwarded-for': canaries.ip,
      traceparent: canaries.token,
      tracestate: `canary=${canaries.token}`,
      baggage: `canary=${encodeURIComponent(allCanaries)}`,
      origin: `http://${canaries.ip}`,
    },
  },
  'a path': { body: '{}', path: `/${encodeURIComponent(allCanaries)}` },
  'a search': { body: '{}', path: `/graphql?query=${encodeURIComponent(allCanaries)}` },
};

/** Bytes that no HTTP library sends. */
const rawAttacks: Readonly<Record<string, Buffer>> = {
  'no HTTP': Buffer.from(`${allCanaries}\r\n\r\n`),
  'a request line that is none': Buffer.from(`GET /${allCanaries} HTTP/9\r\n\r\n`),
  'a header that is none': rawPost(query, [canaryHeader]),
  'headers too many': rawPost(query, [`x: ${canaryHeader.repeat(300)}`]),
  'the token twice': rawPost(query, [`token: ${canaries.token}`, `token: ${canaries.token}`]),
  'a token of other characters': rawPost(query, [`token: ${canaryHeader}`]),
};

async function ask(
  gateway: WatchedProcess,
  headers: Readonly<Record<string, string>>,
  body: string,
  path = '',
) {
  const response = await fetch(new URL(path, gateway.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', token: canaries.token, ...headers },
    body,
  });
  await response.arrayBuffer();
}

/** Subscribes, and leaves after the first event. */
async function watchOnce(gateway: WatchedProcess, requestId: string) {
  const leaving = new AbortController();
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      token: canaries.token,
      'x-request-id': requestId,
    },
    body: JSON.stringify({ query: `subscription ${query}` }),
    signal: leaving.signal,
  });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  await response.body?.getReader().read();
  leaving.abort();
}

/** Names of the canaries in the output of a process. Expects that each line is JSON. */
function leaked({ stdout, stderr }: WatchedProcess['output']): string[] {
  expect(stderr).toBe('');
  for (const line of stdout.trimEnd().split('\n')) expect(() => void JSON.parse(line)).not.toThrow();
  return canariesIn(stdout);
}

describe('a canary', () => {
  it.each(Object.entries(canaries))('%s is found in any encoding and at any place', (name, value) => {
    const around = fc.uint8Array({ maxLength: 8 });
    fc.assert(
      fc.property(around, around, (before, after) => {
        const bytes = Buffer.concat([before, Buffer.from(value), after]);
        expect(canariesIn(bytes.toString('base64'))).toContain(name);
        expect(canariesIn(bytes.toString('base64url'))).toContain(name);
        expect(canariesIn(bytes.toString('hex'))).toContain(name);
      }),
      { numRuns: 50 },
    );
    expect(canariesIn(JSON.stringify({ value }))).toEqual([name]);
    expect(canariesIn(encodeURIComponent(value))).toEqual([name]);
    expect(canariesIn(String(new URLSearchParams({ value })))).toEqual([name]);
  });
});

describe.each(['header', 'body'])(
  'with the token in the %s, in production, at LOG_LEVEL=debug',
  (tokenIn) => {
    it('no data of a caller or a record is in log, metrics or spans, whatever the upstream and the clients do', async () => {
      const names = Object.keys(faults);
      await using upstream = await startFaultServer(({ headers }) => {
        const [, at = 0] = /^fault-(\d+)$/.exec(headers['x-request-id'] ?? '') ?? [];
        return faults[names[Number(at)] ?? ''] ?? stall;
      });
      await using collector = await startCollector();
      await using gateway = await startWatchedProcess({
        LOG_LEVEL: 'debug',
        UPSTREAM_URL: upstream.url,
        UPSTREAM_TOKEN_IN: tokenIn,
        UPSTREAM_TIMEOUT_MS: '200',
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      });

      for (const [at] of names.entries()) {
        await ask(gateway, { 'x-request-id': `fault-${at}` }, JSON.stringify({ query }));
        await watchOnce(gateway, `fault-${at}`);
        // Enough good answers. Otherwise, the circuit would open, and the later faults would never be reached.
        for (let well = 0; well < 3; well += 1) await ask(gateway, {}, JSON.stringify({ query }));
      }
      for (const { body, headers = {}, path } of Object.values(attacks))
        await ask(gateway, headers, body, path);
      for (const bytes of Object.values(rawAttacks)) await exchangeRaw(gateway.url, bytes);

      const metrics = await (await fetch(gateway.metricsUrl)).text();
      gateway.kill('SIGTERM');
      expect(await gateway.ended).toBe(0);

      const asked = new Set(upstream.asked.map(({ headers }) => headers['x-request-id']));
      for (const [at] of names.entries()) expect(asked).toContain(`fault-${at}`);
      expect(gateway.output.stdout).toContain('"event":"upstreamCall"');
      expect(leaked(gateway.output)).toEqual([]);
      expect(canariesIn(metrics)).toEqual([]);
      expect(collector.received).not.toEqual([]);
      for (const { body, headers } of collector.received)
        expect(
          canariesIn(`${JSON.stringify(headers)} ${body.toString('latin1')} ${body.toString()}`),
        ).toEqual([]);
    });
  },
);

describe('a process that crashes', () => {
  it.each([
    { by: 'an error', throwing: 'throw new TypeError(text)' },
    {
      by: 'an error whose message looks like a stack',
      throwing: 'throw new Error("x\\n    at " + text + " (/a.js:1:1)")',
    },
    {
      by: 'an error with a cause and data',
      throwing: 'throw Object.assign(new Error("x", { cause: new Error(text) }), { text, code: text })',
    },
    { by: 'an error named after data', throwing: 'throw Object.assign(new Error(text), { name: text })' },
    { by: 'an aggregate', throwing: 'throw new AggregateError([new Error(text)], text)' },
    { by: 'a text', throwing: 'throw text' },
    { by: 'a rejection', throwing: 'Promise.reject(new Error(text))' },
    { by: 'a rejection that is a text', throwing: 'Promise.reject(text)' },
    { by: 'a rejection that is an object', throwing: 'Promise.reject({ text })' },
  ])('by $by logs where, but no data, and ends with exit code 1', async ({ throwing }) => {
    const preload = `const text = process.env.CANARIES; process.on('SIGUSR2', () => { ${throwing} })`;
    await using upstream = await startFaultServer(() => stall);
    await using gateway = await startWatchedProcess(
      { LOG_LEVEL: 'debug', UPSTREAM_URL: upstream.url, CANARIES: allCanaries },
      ['--import', `data:text/javascript,${encodeURIComponent(preload)}`],
    );
    gateway.kill('SIGUSR2');
    expect(await gateway.ended).toBe(1);
    expect(leaked(gateway.output)).toEqual([]);
    const last: unknown = JSON.parse(gateway.output.stdout.trimEnd().split('\n').at(-1) ?? '');
    expect(last).toMatchObject({ level: 'error', event: 'defect' });
  });

  it('prints no warning of the runtime to stderr either', async () => {
    const preload = `process.on('SIGUSR2', () => { process.emitWarning(process.env.CANARIES, { type: process.env.CANARIES, code: process.env.CANARIES, detail: process.env.CANARIES }) })`;
    await using upstream = await startFaultServer(() => stall);
    await using gateway = await startWatchedProcess(
      { LOG_LEVEL: 'debug', UPSTREAM_URL: upstream.url, CANARIES: allCanaries },
      ['--import', `data:text/javascript,${encodeURIComponent(preload)}`],
    );
    gateway.kill('SIGUSR2');
    await expect.poll(() => gateway.output.stdout).toContain('"event":"warning"');
    gateway.kill('SIGTERM');
    expect(await gateway.ended).toBe(0);
    expect(leaked(gateway.output)).toEqual([]);
  });
});
