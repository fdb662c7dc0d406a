import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/settings/config.ts';
import { encode } from '../../src/observe/tracing/protobuf.ts';
import { readTracing } from '../../src/observe/tracing/settings.ts';
import { startCollector, type TestCollector } from '../support/collector.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { readWire, spansOf } from '../support/otlp.ts';

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
      to: 'to the endpoint for traces as it is',
      env: (url: string) => ({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${url}/mine` }),
      path: '/mine',
    },
    {
      to: 'to the endpoint for traces rather than the general one',
      env: (url: string) => ({
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url,
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
      }),
      path: '/',
    },
  ])('goes $to', async ({ env, path }) => {
    await using collector = await startCollector();
    const gateway = await startTestGateway(env(collector.url));
    await gateway.ask(query);
    await gateway.close();
    expect(collector.received.map((one) => one.path)).toEqual([path]);
    expect(collector.received[0]?.headers['content-type']).toBe('application/x-protobuf');
  });

  it('carries the headers, the name and the attributes that are set, compressed if so wished', async () => {
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
    expect(span?.resource).toEqual({
      'service.name': 'gateway-eu',
      'service.version': '9',
      'deployment.environment.name': 'pré',
    });
  });

  it('comes by itself after the delay, and as soon as a batch is full', async () => {
    await using collector = await startCollector();
    await using delayed = await startTestGateway({ ...base(collector), OTEL_BSP_SCHEDULE_DELAY: '1' });
    await delayed.ask(query);
    await collector.until(1);
    await using full = await startTestGateway({ ...base(collector), OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '3' });
    await full.ask(query);
    await collector.until(2);
    expect(namesOf(collector).flat()).toContain('POST /graphql');
  });

  it('holds no more spans than a batch may', async () => {
    await using collector = await startCollector();
    const gateway = await startTestGateway({ ...base(collector), OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '2' });
    await gateway.ask(query);
    await gateway.close();
    expect(namesOf(collector).map(({ length }) => length)).toEqual([2, 1]);
  });
});

describe('a collector that is ill', () => {
  it('costs the requests nothing, is told once, and holds up no end', async () => {
    const gone = await startCollector();
    await gone[Symbol.asyncDispose]();
    const gateway = await startTestGateway({
      ...base(gone),
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '1',
      OTEL_BSP_MAX_QUEUE_SIZE: '2',
      OTEL_BSP_SCHEDULE_DELAY: '1',
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

  it('that never answers holds up the end for two seconds', async () => {
    await using collector = await startCollector(() => {});
    const gateway = await startTestGateway(base(collector));
    await gateway.ask(query);
    const startedAt = performance.now();
    await gateway.close();
    expect(performance.now() - startedAt).toBeLessThan(3000);
    expect(lossesOf(gateway)).toEqual([{ event: 'spansLost', spans: 3, reason: 'TimeoutError' }]);
  });

  it.each([429, 502, 503, 504])('for now (%i) gets the spans again', async (status) => {
    let asked = 0;
    await using collector = await startCollector(
      (response) => void response.writeHead(asked++ === 0 ? status : 200).end(),
    );
    await using gateway = await startTestGateway({ ...base(collector), OTEL_BSP_SCHEDULE_DELAY: '50' });
    await gateway.ask(query);
    await collector.until(2);
    const [first, second] = namesOf(collector);
    expect(second).toEqual(first);
    expect(lossesOf(gateway)).toEqual([]);
  });

  it.each([400, 401, 404, 302])(
    'of what it will never take (%i) is not sent the spans again',
    async (status) => {
      await using collector = await startCollector(
        (response) => void response.writeHead(status, { location: '/elsewhere' }).end(),
      );
      const gateway = await startTestGateway(base(collector));
      await gateway.ask(query);
      await gateway.close();
      expect(collector.received).toHaveLength(1);
      expect(lossesOf(gateway)).toEqual([{ event: 'spansLost', spans: 3, reason: `HTTP ${status}` }]);
    },
  );
});

describe("one of OpenTelemetry's variables that is wrong", () => {
  it.each([
    {
      name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
      value: 'collector:4318',
      takes: 'an http or https URL without a user',
    },
    {
      name: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
      value: 'http://a:secret@b',
      takes: 'an http or https URL without a user',
    },
    { name: 'OTEL_EXPORTER_OTLP_PROTOCOL', value: 'grpc', takes: 'one of http/protobuf, http/json' },
    {
      name: 'OTEL_EXPORTER_OTLP_HEADERS',
      value: 'secret',
      takes: 'a list of name=value separated by commas',
    },
    {
      name: 'OTEL_EXPORTER_OTLP_HEADERS',
      value: 'api-key=a%0Ab',
      takes: 'a list of name=value separated by commas',
    },
    { name: 'OTEL_RESOURCE_ATTRIBUTES', value: 'a=%zz', takes: 'a list of name=value separated by commas' },
    { name: 'OTEL_EXPORTER_OTLP_TIMEOUT', value: '1s', takes: 'a whole number from 1 on' },
    { name: 'OTEL_EXPORTER_OTLP_COMPRESSION', value: 'br', takes: 'one of none, gzip' },
    {
      name: 'OTEL_TRACES_SAMPLER',
      value: 'sometimes',
      takes:
        'one of always_on, always_off, traceidratio, parentbased_always_on, parentbased_always_off, parentbased_traceidratio',
    },
    { name: 'OTEL_TRACES_SAMPLER_ARG', value: '2', takes: 'a number from 0 to 1' },
    { name: 'OTEL_BSP_MAX_QUEUE_SIZE', value: '0', takes: 'a whole number from 1 on' },
    { name: 'OTEL_TRACES_EXPORTER', value: 'zipkin', takes: 'one of otlp, none' },
    { name: 'OTEL_SDK_DISABLED', value: 'yes', takes: 'one of true, false' },
  ])('($name=$value) is as if unset, with a warning that does not show it', ({ name, value, takes }) => {
    const reading = readConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318', [name]: value });
    expect('warnings' in reading && reading.warnings).toEqual([
      `${name}: not ${takes}; it is taken as unset`,
    ]);
  });
});

describe('the page on traces', () => {
  const page = readFileSync(new URL('../../docs/tracing.md', import.meta.url), 'utf8');
  const firstCells = page
    .split('\n')
    .flatMap((line) => (line.startsWith('| `') ? [line.split('|')[1] ?? ''] : []));
  const documented = firstCells.flatMap((cell) => cell.match(/[\w.]+/g) ?? []);

  it('names each variable that is read, and no other', () => {
    const read = new Set<string>();
    // With an endpoint, all others are read.
    const env = new Proxy<Record<string, string>>(
      {},
      {
        get: (_env, name) => {
          read.add(String(name));
          return name === 'OTEL_EXPORTER_OTLP_ENDPOINT' ? 'http://127.0.0.1' : undefined;
        },
      },
    );
    readTracing(env);
    expect(documented.filter((name) => name.startsWith('OTEL_')).toSorted()).toEqual([...read].toSorted());
  });

  it('names each attribute that is told, and no other', () => {
    const source = readFileSync(
      new URL('../../src/observe/tracing/request-trace.ts', import.meta.url),
      'utf8',
    );
    const told = new Set([...source.matchAll(/'([a-z_]+\.[a-z_.]+)':/g)].map(([, name = '']) => name));
    expect(documented.filter((name) => !name.startsWith('OTEL_')).toSorted()).toEqual([...told].toSorted());
  });
});

describe('protobuf', () => {
  it('carries any text and any whole number through the wire format', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 300 });
    const number = fc.oneof(fc.maxSafeNat(), fc.nat(300));
    fc.assert(
      fc.property(fc.array(fc.tuple(text, number), { maxLength: 20 }), (pairs) => {
        const attributes = pairs.map(([key, value]) => ({ key, value: { intValue: String(value) } }));
        const written = readWire(encode({ attributes }, 'resource')).get(1) ?? [];
        const read = written.map((pair) => {
          const fields = readWire(asMessage(pair));
          const value = readWire(asMessage(fields.get(2)?.[0])).get(3)?.[0];
          return [String(fields.get(1)?.[0]), Number(value)];
        });
        expect(read).toEqual(pairs);
      }),
    );
  });

  it('carries more than fits into its first buffer', () => {
    const long = 'x'.repeat(300_000);
    const written = readWire(encode({ name: long, version: long }, 'scope'));
    expect(String(written.get(1)?.[0]) === long && String(written.get(2)?.[0]) === long).toBe(true);
  });
});

function asMessage(field: unknown): Buffer {
  if (field instanceof Buffer) return field;
  throw new Error('the field is no message');
}
