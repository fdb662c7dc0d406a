import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { domains } from '../../src/gateway/domains.ts';
import { errorCodes } from '../../src/graphql/error-codes.ts';
import { metricRows } from '../../src/observe/metrics/metric-rows.ts';
import { participants } from '../fixtures/participants/participants.ts';
import { startTestGateway } from '../support/gateway.ts';
import { metricsUrl, scrape } from '../support/metrics.ts';
import { record, type Respond, startTestUpstream, text } from '../support/upstream.ts';
import { startWatchedProcess } from '../support/watched-process.ts';

const conference = '{ conference(tempConferenceId: "1") { title } }';
const example = readFileSync(new URL('../fixtures/conference-56039682.json', import.meta.url), 'utf8');

interface Asking {
  readonly respond?: Respond;
  readonly query?: string;
  readonly token?: string | null;
  readonly env?: Readonly<Record<string, string>>;
}

/** A scrape after one request. */
async function scrapeAfter({ respond = record(), query = conference, token = 't', env = {} }: Asking) {
  await using upstream = await startTestUpstream(respond);
  await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url, METRICS_PORT: '0', ...env });
  await gateway.ask(query, { token });
  return await scrape(gateway);
}

const requestsOf = (outcome: string) => `gateway_request_duration_seconds_count{outcome="${outcome}"}`;
const callsOf = (outcome: string) =>
  `gateway_upstream_call_duration_seconds_count{endpoint="conference",outcome="${outcome}"}`;
const unusableBy = (reason: string) =>
  `gateway_upstream_unusable_total{endpoint="conference",reason="${reason}"}`;

it('the time that calls wait in the queue is counted in seconds', async () => {
  await using upstream = await startTestUpstream((received, response) => {
    setTimeout(() => record()(received, response), 50);
  });
  await using gateway = await startTestGateway({
    UPSTREAM_URL: upstream.url,
    UPSTREAM_CONCURRENCY: '1',
    METRICS_PORT: '0',
  });
  await gateway.ask('{ conferences(tempConferenceIds: ["1", "2"]) { title } }');
  const { values } = await scrape(gateway);
  const name = 'gateway_upstream_wait_duration_seconds';
  expect(values.get(`${name}_count`)).toBe(2);
  expect(values.get(`${name}_sum`)).toBeGreaterThan(0.03);
  expect(values.get(`${name}_sum`)).toBeLessThan(5);
});

it.each([
  'gateway_request_duration_seconds',
  'gateway_upstream_call_duration_seconds',
  'gateway_upstream_wait_duration_seconds',
])('%s has a bucket for each step of 1, 2 and 5 from 2 ms to 10 s', async (name) => {
  const { values } = await scrapeAfter({});
  const bounds = [...values.keys()]
    .filter((series) => series.startsWith(`${name}_bucket`))
    .map((series) => /le="([^"]+)"/.exec(series)?.[1]);
  const steps = ['0.002', '0.005', '0.01', '0.02', '0.05', '0.1', '0.2', '0.5', '1', '2', '5', '10', '+Inf'];
  expect([...new Set(bounds)]).toEqual(steps);
});

describe('a request is counted by its outcome', () => {
  it.each<Asking & { what: string; series: string[] }>([
    { what: 'answered', series: [requestsOf('ok'), callsOf('answer')] },
    { what: 'without a token', token: null, series: [requestsOf('UNAUTHENTICATED')] },
    {
      what: 'refused upstream',
      respond: text('', 403),
      series: [requestsOf('FORBIDDEN'), callsOf('forbidden')],
    },
    {
      what: 'rejected upstream',
      respond: text('{"status":7}'),
      series: [requestsOf('UPSTREAM_REJECTED'), callsOf('rejected')],
    },
    {
      what: 'with a failing upstream',
      respond: text('', 500),
      series: [requestsOf('UPSTREAM_UNAVAILABLE'), callsOf('unavailable'), unusableBy('http-status')],
    },
    {
      what: 'with an upstream that closes the connection twice',
      respond: (_, response) => void response.destroy(),
      series: [callsOf('unavailable'), unusableBy('connection'), 'gateway_upstream_retries_total'],
    },
    {
      what: 'with an unusable answer',
      respond: text('<html>'),
      series: [requestsOf('UPSTREAM_INVALID_RESPONSE'), callsOf('invalid-response'), unusableBy('not-json')],
    },
    {
      what: 'with no answer in time',
      respond: () => undefined,
      env: { UPSTREAM_TIMEOUT_MS: '50' },
      series: [requestsOf('UPSTREAM_TIMEOUT'), callsOf('timeout')],
    },
    { what: 'that is no GraphQL', query: '{', series: [requestsOf('GRAPHQL_PARSE_FAILED')] },
    { what: 'that is not of the schema', query: '{ x }', series: [requestsOf('GRAPHQL_VALIDATION_FAILED')] },
    { what: 'longer than allowed', env: { MAX_REQUEST_BYTES: '1' }, series: [requestsOf('BAD_REQUEST')] },
    {
      what: 'whose record is unlike the contract',
      respond: text(example.replace('"status": 2', '"status": 9').replaceAll('56039682', '1')),
      series: [
        requestsOf('ok'),
        'gateway_drift_total{endpoint="conference",kind="unknown-value",field="status"}',
      ],
    },
  ])('$what', async ({ series, ...asking }) => {
    const { values } = await scrapeAfter(asking);
    expect(Object.fromEntries(series.map((name) => [name, values.get(name)]))).toEqual(
      Object.fromEntries(series.map((name) => [name, 1])),
    );
    const requests = [...values].filter(([name]) =>
      name.startsWith('gateway_request_duration_seconds_count'),
    );
    expect(requests.reduce((sum, [, count]) => sum + count, 0)).toBe(1);
  });

  it('if the client leaves', async () => {
    const asked = Promise.withResolvers<void>();
    const leaving = new AbortController();
    await using upstream = await startTestUpstream(() => asked.resolve());
    await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url, METRICS_PORT: '0' });
    const left = fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', token: 't' },
      body: JSON.stringify({ query: conference }),
      signal: leaving.signal,
    });
    await asked.promise;
    leaving.abort();
    await expect(left).rejects.toThrow('aborted');
    await expect.poll(async () => (await scrape(gateway)).values.get(requestsOf('left'))).toBe(1);
    expect((await scrape(gateway)).values.get(callsOf('aborted'))).toBe(1);
  });
});

describe('the state of the gateway', () => {
  it('is measured at the scrape: calls in flight and in the queue, refused and shared calls', async () => {
    const held: (() => void)[] = [];
    await using upstream = await startTestUpstream((received, response) => {
      held.push(() => record()(received, response));
    });
    await using gateway = await startTestGateway({
      UPSTREAM_URL: upstream.url,
      METRICS_PORT: '0',
      UPSTREAM_CONCURRENCY: '1',
      UPSTREAM_QUEUE: '1',
    });
    const value = async (name: string) => (await scrape(gateway)).values.get(name);
    const asking = [gateway.ask(conference)];
    await expect.poll(() => value('gateway_upstream_in_flight')).toBe(1);
    asking.push(gateway.ask(conference), gateway.ask('{ conference(tempConferenceId: "2") { title } }'));
    await expect.poll(() => value('gateway_upstream_waiting')).toBe(1);
    await gateway.ask('{ conference(tempConferenceId: "3") { title } }');
    expect(await value('gateway_upstream_refused_total{reason="queue-full"}')).toBe(1);
    held.shift()?.();
    await expect.poll(() => held.length).toBe(1);
    held.shift()?.();
    await Promise.all(asking);
    expect(await value('gateway_upstream_shared_total')).toBe(1);
    expect(await value('gateway_upstream_in_flight')).toBe(0);
    expect(await value('gateway_upstream_wait_duration_seconds_count')).toBe(2);
  });

  it('is measured at the scrape: the circuit breaker', async () => {
    await using upstream = await startTestUpstream(text('', 500));
    await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url, METRICS_PORT: '0' });
    const ids = Array.from({ length: 20 }, (_, at) => `"${at}"`).join(' ');
    await gateway.ask(`{ conferences(tempConferenceIds: [${ids}]) { title } }`);
    const { values } = await scrape(gateway);
    expect(values.get('gateway_upstream_circuit{state="closed"}')).toBe(0);
    expect(values.get('gateway_upstream_circuit{state="open"}')).toBe(1);
    await gateway.ask(conference);
    expect((await scrape(gateway)).values.get('gateway_upstream_refused_total{reason="circuit-open"}')).toBe(
      1,
    );
  });
});

describe('the metrics', () => {
  it('are Prometheus text: each series has a help, a type and a number', async () => {
    const { text, contentType } = await scrapeAfter({});
    expect(contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
    for (const block of text.trimEnd().split(/\n\n+/)) {
      const [help = '', type = '', ...series] = block.split('\n');
      const [, name = ''] = /^# HELP (\w+) \S.*$/.exec(help) ?? [];
      expect(type).toMatch(new RegExp(`^# TYPE ${name} (counter|gauge|histogram)$`));
      for (const line of series)
        expect(line).toMatch(
          new RegExp(`^${name}(_bucket|_sum|_count)?(\\{(\\w+="[^"\\\\\\n]*",?)+\\})? [\\d.e+-]+$`),
        );
    }
  });

  it('are exactly those of the table, with its types and labels', async () => {
    const { text } = await scrapeAfter({});
    const types = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, type]) => [name, type]);
    expect(Object.fromEntries(types)).toEqual(
      Object.fromEntries(Object.entries(metricRows).map(([name, { type }]) => [name, type])),
    );
  });

  it('start with every outcome at 0, so that increase() sees the first one', async () => {
    await using gateway = await startTestGateway({ METRICS_PORT: '0' });
    const { values } = await scrape(gateway);
    for (const outcome of ['ok', 'left', ...Object.keys(errorCodes)])
      expect(values.get(requestsOf(outcome))).toBe(0);
  });

  it('include the build and the state of the process', async () => {
    await using gateway = await startTestGateway({ METRICS_PORT: '0', COMMIT: '0123abc' });
    const { text, values } = await scrape(gateway);
    expect(text).toMatch(
      /^gateway_build_info\{version="\d+\.\d+\.\d+",commit="0123abc",node="v\d+\.\d+\.\d+"\} 1$/m,
    );
    expect(values.get('process_resident_memory_bytes')).toBeGreaterThan(10e6);
    expect(values.get('nodejs_heap_used_bytes')).toBeGreaterThan(1e6);
    expect(values.get('process_cpu_seconds_total')).toBeGreaterThan(0);
    expect(values.get('process_start_time_seconds')).toBeCloseTo(performance.timeOrigin / 1000, 0);
  });

  it('include how long the event loop was blocked since the last scrape', async () => {
    await using gateway = await startTestGateway({ METRICS_PORT: '0' });
    const blockAndScrape = async () => {
      const until = performance.now() + 100;
      while (performance.now() < until);
      return (await scrape(gateway)).values.get('gateway_event_loop_delay_max_seconds');
    };
    await expect.poll(blockAndScrape).toBeGreaterThan(0.08);
  });

  it('have no series that a caller or the upstream can create', async () => {
    let invented = 0;
    await using upstream = await startTestUpstream((received, response) => {
      invented += 1;
      record({ [`field${invented}`]: invented, status: invented })(received, response);
    });
    await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url, METRICS_PORT: '0' });
    const askAs = (at: number) =>
      gateway.ask(`query Operation${at} { conference(tempConferenceId: "id${at}") { title } }`, {
        token: `token${at}`,
        headers: { 'x-request-id': `request${at}` },
      });
    // The first requests create all series.
    for (let at = 0; at < 5; at += 1) await askAs(at);
    const names = [...(await scrape(gateway)).values.keys()];
    for (let at = 5; at < 40; at += 1) await askAs(at);
    expect([...(await scrape(gateway)).values.keys()]).toEqual(names);
  });

  it('of two gateways in one process are counted apart', async () => {
    await using one = await startTestGateway({ METRICS_PORT: '0' });
    await using other = await startTestGateway({ METRICS_PORT: '0' });
    await one.ask('{ __typename }');
    expect((await scrape(one)).values.get(requestsOf('ok'))).toBe(1);
    expect((await scrape(other)).values.get(requestsOf('ok'))).toBe(0);
  });

  it.each([
    { method: 'GET', path: '/', status: 404 },
    { method: 'GET', path: '/graphql', status: 404 },
    { method: 'POST', path: '/metrics', status: 404 },
    { method: 'HEAD', path: '/metrics', status: 200 },
    { method: 'GET', path: '/metrics?name=x', status: 200 },
  ])('are the only thing on their port: $method $path gives $status', async ({ method, path, status }) => {
    await using gateway = await startTestGateway({ METRICS_PORT: '0' });
    const response = await fetch(new URL(path, metricsUrl(gateway)), { method });
    expect(response.status).toBe(status);
    if (status === 404) expect(await response.text()).toBe('');
  });

  it('are not served unless a port is set, and never on the port of the requests', async () => {
    await using gateway = await startTestGateway();
    expect(() => metricsUrl(gateway)).toThrow('no metrics');
    expect((await fetch(new URL('/metrics', gateway.url))).status).toBe(404);
  });

  it('stop with their gateway', async () => {
    const gateway = await startTestGateway({ METRICS_PORT: '0' });
    await gateway.close();
    await expect(fetch(metricsUrl(gateway))).rejects.toThrow('fetch failed');
  });

  it('stop the start with one line if their port is in use', async () => {
    await using other = await startTestUpstream(record());
    const { port } = new URL(other.url);
    await expect(startWatchedProcess({ UPSTREAM_URL: other.url, METRICS_PORT: port })).rejects.toThrow(
      new Error(
        `the gateway has ended: METRICS_PORT: ${port} on 127.0.0.1 is in use; set another, or 0 for any that is free\n`,
      ),
    );
  });

  it('count the calls of a second domain under its name', async () => {
    await using upstream = await startTestUpstream(record({ participants: [] }));
    await using gateway = await startTestGateway(
      { UPSTREAM_URL: upstream.url, METRICS_PORT: '0' },
      { domains: [...domains, participants] },
    );
    await gateway.ask('{ participants(tempConferenceId: "1") { participants { name } } }');
    const { values } = await scrape(gateway);
    expect(
      values.get('gateway_upstream_call_duration_seconds_count{endpoint="participants",outcome="answer"}'),
    ).toBe(1);
  });
});
