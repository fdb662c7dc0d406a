import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { trace } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/settings/config.ts';
import { systemClock } from '../../src/base/clock.ts';
import { createRequestTraces } from '../../src/observe/tracing/request-trace.ts';
import { readTracing } from '../../src/observe/tracing/settings.ts';
import { createTestClock } from '../support/clock.ts';
import { startCollector, type TestCollector } from '../support/collector.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { spansOf } from '../support/otlp.ts';

const query = '{ conference(tempConferenceId: "56039682") { title } }';
const base = (collector: TestCollector) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
const lossesOf = ({ events }: TestGateway) => events.filter(({ event }) => event === 'spansLost');
const namesOf = ({ received }: TestCollector) => received.map((one) => spansOf(one).map(({ name }) => name));

describe('an export', () => {
  it.each([
    {
      to: 'below the general endpoint',
      env: (url: string) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/otlp/` }),
      path: '/otlp/v1/traces',
    },
    {
      to: 'to the endpoint for traces, unchanged',
      env: (url: string) => ({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${url}/mine` }),
      path: '/mine',
    },
    {
      to: 'to the endpoint for traces if both are set',
      env: (url: string) => ({
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url,
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
      }),
      path: '/',
    },
  ])('is sent $to', async ({ env, path }) => {
    await using collector = await startCollector();
    const gateway = await startTestGateway(env(collector.url));
    await gateway.ask(query);
    await gateway.close();
    expect(collector.received.map((one) => one.path)).toEqual([path]);
    expect(collector.received[0]?.headers['content-type']).toBe('application/x-protobuf');
  });

  it('has the headers, the name and the attributes of the settings, and is compressed if they say so', async () => {
    await using collector = await startCollector();
    const gateway = await startTestGateway({
      ...base(collector),
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20key, x-team = calls',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_SERVICE_NAME: 'gateway-eu',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=other,deployment.environment.name=pr%C3%A9,service.version=9',
    });
    await gateway.ask(query);
    await gateway.close();
    const [received] = collector.received;
    if (!received) throw new Error('nothing was exported');
    expect(received.headers).toMatchObject({
      authorization: 'Bearer key',
      'x-team': 'calls',
      'content-encoding': 'gzip',
      'content-type': 'application/json',
    });
    const [span] = spansOf({ ...received, body: gunzipSync(received.body) });
    expect(span?.resource).toMatchObject({
      'service.name': 'gateway-eu',
      'service.version': '9',
      'deployment.environment.name': 'pré',
    });
  });

  it('is sent after the delay, or as soon as a batch is full', async () => {
    await using collector = await startCollector();
    await using delayed = await startTestGateway({ ...base(collector), OTEL_BSP_SCHEDULE_DELAY: '1' });
    await delayed.ask(query);
    await collector.until(1);
    await using full = await startTestGateway({ ...base(collector), OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '3' });
    await full.ask(query);
    await collector.until(2);
    expect(namesOf(collector).flat()).toContain('POST /graphql');
  });

  it('leaves no timer that would abort a later export', async () => {
    await using collector = await startCollector();
    const clock = createTestClock();
    await using gateway = await startTestGateway(
      { ...base(collector), OTEL_BSP_SCHEDULE_DELAY: '1' },
      { clock },
    );
    await gateway.ask(query);
    await collector.until(1);
    await expect.poll(() => clock.timers).toBe(0);
  });

  it('has no more spans than the maximum of a batch', async () => {
    await using collector = await startCollector();
    const gateway = await startTestGateway({ ...base(collector), OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '2' });
    await gateway.ask(query);
    await gateway.close();
    expect(namesOf(collector).map(({ length }) => length)).toEqual([2, 1]);
  });
});

describe('a collector with a private CA that requires client certificates', () => {
  const tls = (name: string) => fileURLToPath(new URL(`../fixtures/tls/${name}.pem`, import.meta.url));
  const pem = (name: string) => readFileSync(tls(name));
  const options = { cert: pem('loopback'), key: pem('key'), ca: pem('ca'), requestCert: true };
  const certificates = {
    OTEL_EXPORTER_OTLP_CERTIFICATE: tls('ca'),
    OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE: tls('good'),
    OTEL_EXPORTER_OTLP_CLIENT_KEY: tls('key'),
  };
  const exportWith = async (env: Readonly<Record<string, string>>) => {
    await using collector = await startCollector(undefined, options);
    const gateway = await startTestGateway({ ...base(collector), ...env });
    await gateway.ask(query);
    await gateway.close();
    return { exports: collector.received.length, losses: lossesOf(gateway) };
  };

  it('is trusted and gets a client certificate if the files are set', async () => {
    expect(await exportWith(certificates)).toEqual({ exports: 1, losses: [] });
  });

  it('is sent nothing if its CA is not set', async () => {
    const { OTEL_EXPORTER_OTLP_CERTIFICATE: _ca, ...env } = certificates;
    const { exports, losses } = await exportWith(env);
    expect(exports).toBe(0);
    expect(losses).toEqual([
      { event: 'spansLost', spans: 3, reason: expect.stringMatching(/^(SELF_SIGNED|UNABLE_TO)_/) },
    ]);
  });
});

describe('a failing collector', () => {
  it('does not slow requests down, is reported once, and does not delay the end', async () => {
    const gone = await startCollector();
    await gone[Symbol.asyncDispose]();
    const gateway = await startTestGateway({
      ...base(gone),
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '1',
      OTEL_BSP_MAX_QUEUE_SIZE: '2',
      OTEL_BSP_SCHEDULE_DELAY: '1',
      // Shorter than the packages' first backoff, so that nothing is sent twice.
      OTEL_EXPORTER_OTLP_TIMEOUT: '500',
    });
    for (let asked = 0; asked < 10; asked += 1) expect((await gateway.ask(query)).errors).toEqual([]);
    expect(lossesOf(gateway)).toHaveLength(1);
    await gateway.close();
    const losses = lossesOf(gateway);
    expect(losses).toHaveLength(2);
    expect(losses[1]).toMatchObject({ reason: 'ECONNREFUSED' });
    const spans = losses.map((loss) => ('spans' in loss ? loss.spans : 0));
    expect(spans.reduce((sum, lost) => sum + lost)).toBe(30);
  });

  it('that never answers delays the end by two seconds', async () => {
    await using collector = await startCollector(() => {});
    const gateway = await startTestGateway(base(collector));
    await gateway.ask(query);
    const startedAt = performance.now();
    await gateway.close();
    expect(performance.now() - startedAt).toBeLessThan(3000);
    expect(lossesOf(gateway)).toEqual([{ event: 'spansLost', spans: 3, reason: 'closing' }]);
  });

  const longAgo = new Date(0).toUTCString();
  it.each([429, 502, 503, 504])('that answers %i gets the spans again', async (status) => {
    let asked = 0;
    await using collector = await startCollector(
      (response) => void response.writeHead(asked++ === 0 ? status : 200, { 'retry-after': longAgo }).end(),
    );
    const gateway = await startTestGateway(base(collector));
    await gateway.ask(query);
    await gateway.close();
    const [first, second] = namesOf(collector);
    expect(second).toEqual(first);
    expect(lossesOf(gateway)).toEqual([]);
  });

  it.each([400, 401, 404, 302])('that answers %i does not get the spans again', async (status) => {
    await using collector = await startCollector(
      (response) => void response.writeHead(status, { location: '/elsewhere' }).end(),
    );
    const gateway = await startTestGateway(base(collector));
    await gateway.ask(query);
    await gateway.close();
    expect(collector.received).toHaveLength(1);
    expect(lossesOf(gateway)).toEqual([{ event: 'spansLost', spans: 3, reason: `HTTP ${status}` }]);
  });
});

describe('a collector', () => {
  it.each([
    {
      protocol: 'http/json',
      answer: JSON.stringify({ partialSuccess: { rejectedSpans: '2', errorMessage: 'no' } }),
    },
    // Field 1, a message of 6 bytes: field 1, the number 2; field 2, the text "no".
    { protocol: 'http/protobuf', answer: Buffer.from([0x0a, 6, 0x08, 2, 0x12, 2, 0x6e, 0x6f]) },
  ])(
    'that accepts a part of a batch is believed ($protocol): the rest count as lost',
    async ({ protocol, answer }) => {
      await using collector = await startCollector((response) => void response.end(answer));
      const gateway = await startTestGateway({ ...base(collector), OTEL_EXPORTER_OTLP_PROTOCOL: protocol });
      await gateway.ask(query);
      await gateway.close();
      expect(lossesOf(gateway)).toEqual([
        { event: 'spansLost', spans: 2, reason: 'refused by the collector' },
      ]);
    },
  );

  it('whose answer comes byte by byte without an end is aborted after the timeout, and gets the next spans', async () => {
    let answers = 0;
    await using collector = await startCollector((response) => {
      answers += 1;
      if (answers > 1) return void response.end();
      response.writeHead(500);
      const drip = setInterval(() => response.write('.'), 20);
      response.once('close', () => clearInterval(drip));
    });
    const gateway = await startTestGateway({
      ...base(collector),
      OTEL_EXPORTER_OTLP_TIMEOUT: '200',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '3',
    });
    await gateway.ask(query);
    await expect
      .poll(() => lossesOf(gateway))
      .toEqual([{ event: 'spansLost', spans: 3, reason: 'TimeoutError' }]);
    await gateway.ask(query);
    await collector.until(2);
    await gateway.close();
    expect(lossesOf(gateway)).toHaveLength(1);
  });
});

it('nothing is registered globally: the spans of libraries are not exported', async () => {
  await using collector = await startCollector();
  await using gateway = await startTestGateway(base(collector));
  await gateway.ask(query);
  expect(trace.getTracer('a library').startSpan('its span').isRecording()).toBe(false);
});

describe("one of OpenTelemetry's variables that is wrong", () => {
  const list = 'a list of name=value separated by commas';
  it.each([
    { name: 'OTEL_EXPORTER_OTLP_HEADERS', value: 'secret', is: `${list}; exports can fail` },
    { name: 'OTEL_EXPORTER_OTLP_TRACES_HEADERS', value: 'api-key=a%0Ab', is: `${list}; exports can fail` },
    { name: 'OTEL_RESOURCE_ATTRIBUTES', value: 'a=%zz', is: list },
    { name: 'OTEL_RESOURCE_ATTRIBUTES', value: 'a=b=c', is: list },
    { name: 'OTEL_EXPORTER_OTLP_TIMEOUT', value: '1s', is: 'a number of milliseconds above 0' },
    { name: 'OTEL_EXPORTER_OTLP_COMPRESSION', value: 'br', is: 'one of none, gzip' },
    { name: 'OTEL_EXPORTER_OTLP_CERTIFICATE', value: '/no/such/file', is: 'a file that can be read' },
    {
      name: 'OTEL_TRACES_SAMPLER',
      value: 'sometimes',
      is: 'one of always_on, always_off, traceidratio, parentbased_always_on, parentbased_always_off, parentbased_traceidratio',
    },
    { name: 'OTEL_TRACES_SAMPLER_ARG', value: '2', is: 'a number from 0 to 1' },
    { name: 'OTEL_BSP_MAX_QUEUE_SIZE', value: '0', is: 'a whole number from 1 on' },
    { name: 'OTEL_TRACES_EXPORTER', value: 'zipkin', is: 'one of otlp, none' },
    { name: 'OTEL_SDK_DISABLED', value: 'yes', is: 'one of true, false' },
  ])('($name=$value) counts as unset, with a warning that does not show it', async ({ name, value, is }) => {
    await using collector = await startCollector();
    const env = { ...base(collector), [name]: value };
    const reading = readConfig(env);
    const instead = is.includes(';') ? '' : '; it is taken as unset';
    expect('warnings' in reading && reading.warnings).toEqual([`${name}: not ${is}${instead}`]);
    const gateway = await startTestGateway(env);
    await gateway.ask(query);
    await gateway.close();
    const sent = value.includes('%0A') ? [] : ['application/x-protobuf'];
    expect(collector.received.map(({ headers }) => headers['content-type'])).toEqual(sent);
    expect(lossesOf(gateway).map((loss) => 'reason' in loss && loss.reason)).toEqual(
      sent.length > 0 ? [] : ['ERR_INVALID_CHAR'],
    );
  });

  it('because it is in quotes sets neither a name nor an attribute', async () => {
    await using collector = await startCollector();
    const gateway = await startTestGateway({
      ...base(collector),
      OTEL_SERVICE_NAME: '"gateway-eu"',
      OTEL_RESOURCE_ATTRIBUTES: "'a=b'",
    });
    await gateway.ask(query);
    await gateway.close();
    const resource = collector.received.flatMap(spansOf)[0]?.resource ?? {};
    expect(resource).toMatchObject({ 'service.name': 'conference-gateway' });
    expect(Object.values(resource)).not.toContain("b'");
  });

  it.each([
    { name: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: 'collector:4318', is: 'an http or https URL' },
    { name: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', value: 'secret', is: 'an http or https URL' },
    { name: 'OTEL_EXPORTER_OTLP_PROTOCOL', value: 'grpc', is: 'one of http/protobuf, http/json' },
  ])('($name=$value) is one warning, and nothing is traced', async ({ name, value, is }) => {
    await using collector = await startCollector();
    const env = { ...base(collector), [name]: value };
    const reading = readConfig(env);
    expect('warnings' in reading && reading.warnings).toEqual([`${name}: not ${is}; nothing is traced`]);
    const gateway = await startTestGateway(env);
    expect((await gateway.ask(query)).errors).toEqual([]);
    await gateway.close();
    expect(collector.received).toEqual([]);
  });
});

describe('the page on traces', () => {
  const page = readFileSync(new URL('../../docs/tracing.md', import.meta.url), 'utf8');
  const firstCells = page
    .split('\n')
    .flatMap((line) => (line.startsWith('| `') ? [line.split('|')[1] ?? ''] : []));
  const documented = firstCells.flatMap((cell) => cell.match(/[\w.]+/g) ?? []);

  it('names exactly the variables that the gateway and the packages read', async () => {
    const read = new Set<string>();
    const surroundings = process.env;
    // If there is an endpoint, all other variables are read, too.
    const env = new Proxy(surroundings, {
      get(_env, name) {
        const isOurs = typeof name === 'string' && name.startsWith('OTEL_');
        if (isOurs) read.add(name);
        if (name === 'OTEL_EXPORTER_OTLP_ENDPOINT') return 'http://127.0.0.1';
        return isOurs || typeof name === 'symbol' ? undefined : surroundings[name];
      },
    });
    process.env = env;
    try {
      const { tracing } = readTracing(env);
      if (!tracing) throw new Error('nothing would be traced');
      const upstream = new URL('http://127.0.0.1');
      const parts = { clock: systemClock, emit: () => undefined, version: '0', upstream };
      await createRequestTraces(tracing, parts).close();
    } finally {
      process.env = surroundings;
    }
    expect(documented.filter((name) => name.startsWith('OTEL_')).toSorted()).toEqual([...read].toSorted());
  });

  it('names exactly the attributes of the spans', () => {
    const source = readFileSync(
      new URL('../../src/observe/tracing/request-trace.ts', import.meta.url),
      'utf8',
    );
    const told = new Set([...source.matchAll(/'([a-z_]+\.[a-z_.]+)':/g)].map(([, name = '']) => name));
    expect(documented.filter((name) => !name.startsWith('OTEL_')).toSorted()).toEqual([...told].toSorted());
  });
});
