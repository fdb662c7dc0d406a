import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startCollector } from '../support/collector.ts';
import { type AskOptions, startTestGateway } from '../support/gateway.ts';
import { type ReceivedSpan, spansOf } from '../support/otlp.ts';
import { openAcknowledged } from '../support/socket.ts';
import { record, type Respond, startTestUpstream, text } from '../support/upstream.ts';

const parent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const query = 'query Rooms { conference(tempConferenceId: "7310") { title } }';

interface Told extends AskOptions {
  readonly query?: string;
  readonly respond?: Respond;
  readonly env?: Readonly<Record<string, string>>;
}

/** Asks once and closes the gateway. Returns the exports that the collector has received, and the traceparents that the upstream has. */
async function trace({ query: asked = query, respond = record(), env = {}, ...options }: Told = {}) {
  await using collector = await startCollector();
  await using upstream = await startTestUpstream(respond);
  const gateway = await startTestGateway({
    UPSTREAM_URL: upstream.url,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    ...env,
  });
  await gateway.ask(asked, options);
  await gateway.close();
  return {
    exports: collector.received,
    spans: collector.received.flatMap(spansOf),
    sentOn: upstream.received.map(({ headers }) => headers['traceparent']),
    upstreamPort: Number(new URL(upstream.url).port),
    events: gateway.events,
  };
}

function named(spans: readonly ReceivedSpan[], kind: number): ReceivedSpan {
  const [span, ...more] = spans.filter((one) => one.kind === kind);
  if (!span || more.length > 0) throw new Error(`${more.length + 1} spans of kind ${kind}`);
  return span;
}
const internal = 1;
const server = 2;
const client = 3;

describe.each(['http/json', 'http/protobuf'])('a request that is traced with %s', (protocol) => {
  const env = { OTEL_EXPORTER_OTLP_PROTOCOL: protocol };

  it("has three spans in the caller's trace: the request, the operation and the upstream call", async () => {
    const { spans, sentOn } = await trace({ env, headers: { traceparent: parent } });
    expect(spans).toHaveLength(3);
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([parent.slice(3, 35)]));
    const [request, operation, call] = [named(spans, server), named(spans, internal), named(spans, client)];
    expect(request).toMatchObject({ name: 'POST /graphql', parentSpanId: parent.slice(36, 52) });
    expect(operation).toMatchObject({ name: 'query', parentSpanId: request.spanId });
    expect(call).toMatchObject({
      name: 'POST /confopenapi/admin/dashboard/conference/info',
      parentSpanId: operation.spanId,
    });
    expect(sentOn).toEqual([`00-${call.traceId}-${call.spanId}-01`]);
  });

  it('has its outcome in attributes of the semantic conventions', async () => {
    const { spans, upstreamPort } = await trace({ env });
    expect(named(spans, server).attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/graphql',
      'url.path': '/graphql',
      'url.scheme': 'http',
      'http.response.status_code': 200,
    });
    expect(named(spans, internal).attributes).toEqual({
      'graphql.operation.type': 'query',
      'graphql.operation.name': 'Rooms',
    });
    expect(named(spans, client).attributes).toEqual({
      'http.request.method': 'POST',
      'url.full': `http://127.0.0.1:${upstreamPort}/confopenapi/admin/dashboard/conference/info`,
      'server.address': '127.0.0.1',
      'server.port': upstreamPort,
      'http.response.status_code': 200,
      'gateway.upstream.endpoint': 'conference',
      'gateway.upstream.shared': false,
      'gateway.upstream.waited_ms': expect.any(Number),
    });
    expect(spans[0]?.resource).toEqual({
      'service.name': 'conference-gateway',
      'service.version': expect.stringMatching(/^\d+\.\d+\.\d+$/),
      'service.instance.id': expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/),
      'telemetry.sdk.language': 'nodejs',
      'telemetry.sdk.name': 'opentelemetry',
      'telemetry.sdk.version': expect.stringMatching(/^\d+\.\d+\.\d+$/),
    });
  });

  it('has its times: each span within its parent, and the time in the queue apart from the exchange', async () => {
    const before = BigInt(Date.now() - 1) * 1_000_000n;
    const { spans } = await trace({ env });
    const [request, operation, call] = [named(spans, server), named(spans, internal), named(spans, client)];
    const [admitted] = call.events;
    const moments = [before, request.startNs, operation.startNs, call.startNs, admitted?.atNs ?? 0n];
    moments.push(call.endNs, operation.endNs, request.endNs, BigInt(Date.now() + 1) * 1_000_000n);
    expect(moments).toEqual(moments.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(call.events).toEqual([{ name: 'admitted', atNs: expect.any(BigInt) }]);
  });

  it('has nothing about caller, query and answer in its spans', async () => {
    const secrets = [
      'id-no-7310',
      'a-token',
      'Zhang',
      'zhang@example.com',
      '13800000000',
      '10.0.0.7',
      '999123',
      'not here',
    ];
    const [id, token = '', hostName, hostEmail, hostMobile, hostIp, pcode2, msg] = secrets;
    const respond: Respond = (received, response) =>
      received.id === id
        ? record({ hostName, hostEmail, hostMobile, hostIp, pcode2, title: 7 })(received, response)
        : text(JSON.stringify({ status: 9, msg }))(received, response);
    const { exports, spans } = await trace({
      env,
      respond,
      token,
      query: `query Q($other: ID!) {
        conference(tempConferenceId: "${id}") { title host { name email mobile ip } participantPassword }
        other: conference(tempConferenceId: $other) { title }
      }`,
      variables: { other: 'id-no-8420' },
      headers: { 'user-agent': 'agent-x', 'x-request-id': 'request-x', cookie: 'cookie-x' },
    });
    expect(spans).toHaveLength(4);
    const sent = exports.map(({ body }) => body.toString('latin1')).join('');
    const encoded = secrets.map((secret) => Buffer.from(secret).toString('base64').replace(/=+$/, ''));
    for (const secret of [
      ...secrets,
      ...encoded,
      'id-no-8420',
      'agent-x',
      'request-x',
      'cookie-x',
      'participantPassword',
    ])
      expect(sent).not.toContain(secret);
  });
});

describe('the failure in a span', () => {
  it.each([
    {
      of: 'HTTP 500',
      respond: text('{}', 500),
      error: 'http-status',
      httpStatus: 500,
      code: 'UPSTREAM_UNAVAILABLE',
    },
    {
      of: 'HTTP 401',
      respond: text('{}', 401),
      error: 'unauthenticated',
      httpStatus: 401,
      code: 'UNAUTHENTICATED',
    },
    {
      of: 'no JSON',
      respond: text('<html>'),
      error: 'not-json',
      httpStatus: 200,
      code: 'UPSTREAM_INVALID_RESPONSE',
    },
    {
      of: 'a business status',
      respond: text('{"status":5,"msg":"no"}'),
      error: 'rejected',
      httpStatus: 200,
      code: 'UPSTREAM_REJECTED',
    },
  ])('of the upstream ($of) is a word from a closed list', async ({ respond, error, httpStatus, code }) => {
    const { spans } = await trace({ respond });
    expect(named(spans, client)).toMatchObject({
      status: 2,
      attributes: { 'error.type': error, 'http.response.status_code': httpStatus },
    });
    expect(named(spans, internal)).toMatchObject({ status: 2, attributes: { 'error.type': code } });
    expect(named(spans, server)).toMatchObject({
      status: 0,
      attributes: { 'http.response.status_code': 200 },
    });
  });

  it('has the number of retries', async () => {
    let calls = 0;
    const respond: Respond = (received, response) =>
      calls++ === 0 ? void response.destroy() : record()(received, response);
    const { spans } = await trace({ respond });
    expect(named(spans, client).attributes).toMatchObject({ 'http.request.resend_count': 1 });
  });

  it('is only the status if nothing was executed', async () => {
    const { spans } = await trace({ query: '{ nothing }' });
    expect(spans.map(({ kind }) => kind)).toEqual([server]);
    const { spans: ofNoGraphql } = await trace({ headers: { 'content-type': 'text/plain' } });
    expect(ofNoGraphql.map(({ attributes }) => attributes['http.response.status_code'])).toEqual([415]);
  });

  it('is client_left if the client has left', async () => {
    await using collector = await startCollector();
    const asked = Promise.withResolvers<void>();
    await using upstream = await startTestUpstream(() => asked.resolve());
    const gateway = await startTestGateway({
      UPSTREAM_URL: upstream.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_BSP_SCHEDULE_DELAY: '1',
    });
    const leaving = request(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', token: 't' },
    });
    leaving.on('error', () => {}).end(JSON.stringify({ query }));
    await asked.promise;
    leaving.destroy();
    while (!collector.received.flatMap(spansOf).some(({ kind }) => kind === server))
      await collector.until(collector.received.length + 1);
    await gateway.close();
    const spans = collector.received.flatMap(spansOf);
    const { attributes } = named(spans, server);
    expect(attributes).toMatchObject({ 'error.type': 'client_left' });
    expect(attributes).not.toHaveProperty('http.response.status_code');
    expect(named(spans, client).attributes).toMatchObject({ 'error.type': 'aborted' });
  });

  it('is that the client left, for a stream over a WebSocket that it left before the first event', async () => {
    await using collector = await startCollector();
    const asked = Promise.withResolvers<void>();
    await using upstream = await startTestUpstream(() => asked.resolve());
    const gateway = await startTestGateway({
      UPSTREAM_URL: upstream.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    });
    const peer = await openAcknowledged(gateway.url, { token: 't' });
    peer.subscribe('1', 'subscription { conference(tempConferenceId: "1") { title } }');
    await asked.promise;
    peer.send({ id: '1', type: 'complete' });
    peer.send({ type: 'ping' });
    await peer.next('pong');
    await gateway.close();
    const { attributes } = named(collector.received.flatMap(spansOf), server);
    expect(attributes).toMatchObject({ 'error.type': 'client_left' });
  });

  it("does not have a client's operation name in the span's name, and shortens it in the attribute", async () => {
    const { spans } = await trace({ query: query.replace('Rooms', 'x'.repeat(5000)) });
    const { name, attributes } = named(spans, internal);
    expect([name, attributes['graphql.operation.name']]).toEqual(['query', 'x'.repeat(128)]);
  });

  it("has the operation name of a trusted document in the span's name", async () => {
    const folder = mkdtempSync(join(tmpdir(), 'traces-'));
    const file = join(folder, 'documents.json');
    writeFileSync(file, JSON.stringify({ rooms: query }));
    const env = { TRUSTED_DOCUMENTS: file, TRUSTED_DOCUMENTS_ONLY: 'false' };
    await using collector = await startCollector();
    await using upstream = await startTestUpstream(record());
    const gateway = await startTestGateway({
      UPSTREAM_URL: upstream.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      ...env,
    });
    await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', token: 't' },
      body: JSON.stringify({ documentId: 'rooms' }),
    });
    await gateway.close();
    rmSync(folder, { recursive: true });
    expect(named(collector.received.flatMap(spansOf), internal).name).toBe('query Rooms');
  });
});

describe("the upstream's port in a span", () => {
  it.each([
    { scheme: 'http', port: 80 },
    { scheme: 'https', port: 443 },
  ])('is $port if UPSTREAM_URL is $scheme and names none', async ({ scheme, port }) => {
    // An address of this machine where nothing listens.
    const host = '127.255.255.254';
    const { spans } = await trace({
      env: { UPSTREAM_URL: `${scheme}://${host}`, UPSTREAM_TIMEOUT_MS: '500' },
    });
    expect(named(spans, client).attributes).toMatchObject({ 'server.address': host, 'server.port': port });
  });
});

describe('several calls', () => {
  it('have the end of their time in the queue, except one that was refused', async () => {
    const { spans } = await trace({
      env: { UPSTREAM_CONCURRENCY: '1', UPSTREAM_QUEUE: '1' },
      query: '{ conferences(tempConferenceIds: ["1", "2", "3"]) { title } }',
    });
    const calls = spans
      .filter(({ kind }) => kind === client)
      .map(({ attributes, events }) => [attributes['error.type'], events.map(({ name }) => name)]);
    expect(calls.filter(([error]) => error === undefined)).toEqual([
      [undefined, ['admitted']],
      [undefined, ['admitted']],
    ]);
    expect(calls.filter(([error]) => error !== undefined)).toEqual([['queue-full', []]]);
  });

  it('of one operation have a span each below the operation, and each sends its own traceparent', async () => {
    const { spans, sentOn } = await trace({
      query: '{ conferences(tempConferenceIds: ["1", "2", "3"]) { title } }',
    });
    const calls = spans.filter(({ kind }) => kind === client);
    const { spanId } = named(spans, internal);
    expect(calls.map(({ parentSpanId }) => parentSpanId)).toEqual([spanId, spanId, spanId]);
    expect(new Set(calls.map((call) => `00-${call.traceId}-${call.spanId}-03`))).toEqual(new Set(sentOn));
  });

  it('of two requests that share one call have a span each, and one is marked as shared', async () => {
    await using collector = await startCollector();
    const [asked, joined, release] = [0, 1, 2].map(() => Promise.withResolvers<void>());
    await using upstream = await startTestUpstream((received, response) => {
      (received.id === 'other' ? joined : asked)?.resolve();
      void release?.promise.then(() => record()(received, response));
    });
    const gateway = await startTestGateway({
      UPSTREAM_URL: upstream.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    });
    const first = gateway.ask(query);
    await asked?.promise;
    const second = gateway.ask('{ conferences(tempConferenceIds: ["7310", "other"]) { title } }');
    // The second request joins the first call in the same step in which it calls for the other ID.
    await joined?.promise;
    release?.resolve();
    await Promise.all([first, second]);
    await gateway.close();
    const calls = collector.received.flatMap(spansOf).filter(({ kind }) => kind === client);
    const shared = calls.map(({ attributes }) => attributes['gateway.upstream.shared']);
    expect(shared.filter((one) => one === true)).toHaveLength(1);
    expect(shared).toHaveLength(3);
    expect(upstream.received).toHaveLength(2);
  });
});

describe('the trace context', () => {
  it('that the caller does not record is sent on unchanged, and nothing is exported', async () => {
    const unsampled = parent.replace(/01$/, '00');
    const { exports, sentOn } = await trace({ headers: { traceparent: unsampled } });
    expect({ exports, sentOn }).toEqual({ exports: [], sentOn: [unsampled] });
  });

  it('begins here if the caller sends none, and its trace ID is in the log', async () => {
    const { spans, sentOn, events } = await trace();
    const call = named(spans, client);
    expect(named(spans, server).parentSpanId).toBe('');
    expect(sentOn).toEqual([`00-${call.traceId}-${call.spanId}-03`]);
    expect(events.find(({ event }) => event === 'request')).toMatchObject({ traceId: call.traceId });
  });

  it.each([
    { sampler: 'always_on', sampled: { none: true, yes: true, no: true } },
    { sampler: 'always_off', sampled: { none: false, yes: false, no: false } },
    { sampler: 'traceidratio', arg: '1', sampled: { none: true, yes: true, no: true } },
    { sampler: 'traceidratio', arg: '0', sampled: { none: false, yes: false, no: false } },
    { sampler: 'parentbased_always_on', sampled: { none: true, yes: true, no: false } },
    { sampler: 'parentbased_always_off', sampled: { none: false, yes: true, no: false } },
    { sampler: 'parentbased_traceidratio', arg: '0', sampled: { none: false, yes: true, no: false } },
  ])(
    'is sampled by $sampler $arg as OpenTelemetry specifies, and sent on with that decision',
    async ({ sampler, arg = '', sampled }) => {
      const env = { OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: arg };
      const seen = async (headers?: Record<string, string>) => {
        const { spans, sentOn } = await trace({ env, ...(headers && { headers }) });
        const [flags] = sentOn.map((traceparent) => Number(String(traceparent).slice(-2)) % 2 === 1);
        expect(flags).toBe(spans.length === 3);
        return flags;
      };
      expect({
        none: await seen(),
        yes: await seen({ traceparent: parent }),
        no: await seen({ traceparent: parent.replace(/01$/, '00') }),
      }).toEqual(sampled);
    },
  );

  it.each([
    { env: { OTEL_EXPORTER_OTLP_ENDPOINT: '' } },
    { env: { OTEL_SDK_DISABLED: 'true' } },
    { env: { OTEL_TRACES_EXPORTER: 'none' } },
    { env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' } },
  ])('is sent on unchanged if tracing is off (%o)', async ({ env }) => {
    const { exports, sentOn } = await trace({ env, headers: { traceparent: parent } });
    expect({ exports, sentOn }).toEqual({ exports: [], sentOn: [parent] });
  });
});
