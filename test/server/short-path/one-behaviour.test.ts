import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { domains } from '../../../src/gateway/domains.ts';
import { agingDomain } from '../../fixtures/aging/aging.ts';
import { participants } from '../../fixtures/participants/participants.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { scrape } from '../../support/metrics.ts';
import { type Respond, startTestUpstream, type TestUpstream } from '../../support/upstream.ts';
import { type Generated, generatedRequest, listedClients, trustedDocuments } from './generated.ts';

const good = {
  eventId: 9007199254740993n,
  title: 'Launch "产品发布会" \u2028 \\ 🎉',
  hostId: 10001,
  hostName: '张三',
  hostEmail: null,
  hostIp: '10.0.0.1',
  hostOrgId: 0,
  startTime: 1715600000,
  stopTime: 0,
  confDuration: 3600,
  isSecureConf: false,
  status: 2,
  attendeeCnt: 15,
  voipCnt: -1,
  mcuCnt: 0,
};
const people = [
  { userId: 1, nickname: 'Ann', connections: [{ connectionId: 2, joinTime: 1715600000 }] },
  {
    userId: null,
    nickname: 'Guest',
    connections: [{ connectionId: 3 }, { connectionId: {}, joinTime: 'soon' }],
  },
];
const results: Readonly<Record<string, unknown>> = {
  good,
  other: { ...good, status: 4, stopTime: 1715603600, title: '' },
  'bad-start': { ...good, startTime: 'soon' },
  'bad-counts': { ...good, attendeeCnt: 1.5, mcuCnt: 'many', hostId: {} },
  none: null,
  half: { title: '\ud83d half', status: 9 },
  empty: {},
};

const respond: Respond = ({ path, id }, response) => {
  response.setHeader('content-type', 'application/json');
  if (id === 'forbidden') return void response.writeHead(403).end('{}');
  const known = id in results ? results[id] : good;
  const result =
    path.endsWith('participants') && known ? { participants: id === 'bad-start' ? 7 : people } : known;
  const envelope =
    id === 'rejected'
      ? { status: 7, msg: 'no', request_id: 'up-1' }
      : { status: 0, msg: 'success', request_id: 'up-2', timestamp: 1715600000123, result };
  response.end(
    JSON.stringify(envelope, (_key, value: unknown) =>
      typeof value === 'bigint' ? JSON.rawJSON(String(value)) : value,
    ),
  );
};

interface Side {
  readonly gateway: TestGateway;
  readonly upstream: TestUpstream;
}

async function startSide(plugins: readonly object[]): Promise<Side> {
  const upstream = await startTestUpstream(respond);
  const gateway = await startTestGateway(
    {
      UPSTREAM_URL: upstream.url,
      METRICS_PORT: '0',
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      CLIENTS: listedClients.join(','),
      TRUSTED_DOCUMENTS: manifest,
      TRUSTED_DOCUMENTS_ONLY: 'false',
    },
    { domains: [...domains, participants, agingDomain], plugins },
  );
  return { gateway, upstream };
}

const folder = mkdtempSync(join(tmpdir(), 'documents-'));
const manifest = join(folder, 'documents.json');
writeFileSync(manifest, JSON.stringify(trustedDocuments));

let planned: Side;
let ordinary: Side;
beforeAll(async () => {
  planned = await startSide([]);
  // A foreign plugin sends every request through Yoga.
  ordinary = await startSide([{}]);
});
afterAll(async () => {
  for (const { gateway, upstream } of [planned, ordinary]) {
    await gateway.close();
    await upstream[Symbol.asyncDispose]();
  }
  rmSync(folder, { recursive: true });
});

/** Sends a request, and returns everything that can be observed of it, except times. */
async function send(
  { gateway, upstream }: Side,
  { query, documentId, variables, operationName, method, accept, token, client, traceparent }: Generated,
) {
  const calls = upstream.received.length;
  const events = gateway.events.length;
  const url = new URL(gateway.url);
  const asked = { query, documentId, operationName, variables };
  if (method === 'GET') {
    for (const [name, value] of Object.entries(asked))
      if (value !== undefined)
        url.searchParams.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  const response = await fetch(url, {
    method,
    headers: {
      'x-request-id': 'request-1',
      ...(method === 'POST' && { 'content-type': 'application/json' }),
      ...(accept && { accept }),
      ...(token && { token }),
      ...(client && { 'graphql-client-name': client }),
      ...(traceparent && { traceparent }),
    },
    ...(method === 'POST' && { body: JSON.stringify(asked) }),
  });
  const body = await response.text();
  const isLogged = () => gateway.events.slice(events).some(({ event }) => event === 'request');
  await expect.poll(isLogged, { interval: 1 }).toBe(true);
  const { date: _date, ...headers } = Object.fromEntries(response.headers);
  return {
    status: response.status,
    headers,
    body,
    calls: upstream.received
      .slice(calls)
      .map((call) => [
        call.path,
        call.token,
        call.headers['x-request-id'],
        call.headers['traceparent'],
        call.body,
      ])
      .toSorted(byText),
    told: gateway.events
      .slice(events)
      // A busy machine delays the event loop: that is no event of a request.
      .filter(({ event }) => !['upstreamCall', 'drift', 'strained', 'relieved'].includes(event))
      .map((event) => Object.assign({}, event, { durationMs: 0, upstreamMs: 0, waitedMs: 0 }))
      .toSorted(byText),
  };
}

/** The calls of one request run at the same time: the network decides which of them is first. */
const byText = (one: unknown, other: unknown) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1);

/** The counters of the metrics, except buckets and those of the plans. */
async function counted({ gateway }: Side): Promise<ReadonlyMap<string, number>> {
  const { values } = await scrape(gateway);
  return new Map(
    [...values].filter(
      ([series]) => /_(?:count|total)\b/.test(series) && !/^(?:process|nodejs|gateway_plan)/.test(series),
    ),
  );
}

const attempts = 3;

// Representations of other types are left to Yoga.
const isPlannable = ({ variables: { r } }: Generated) =>
  Array.isArray(r) && r.every((one) => Object(one).__typename?.startsWith('Conference'));

describe('the short path', () => {
  it('answers any request as Yoga does: status, headers, body, calls, log and metrics', async () => {
    let plain = 0;
    let failed = 0;
    await fc.assert(
      fc.asyncProperty(generatedRequest, async (request) => {
        const expected = await send(ordinary, request);
        for (let attempt = 0; attempt < attempts; attempt += 1)
          expect(await send(planned, request)).toEqual(expected);
        const isJson = expected.headers['content-type']?.includes('json') === true;
        if (!isJson || !isPlannable(request)) return;
        const { data, errors } = JSON.parse(expected.body);
        if (data) plain += 1;
        if (data && errors) failed += 1;
      }),
      { numRuns: 400 },
    );
    const once = await counted(ordinary);
    const often = await counted(planned);
    expect(often).toEqual(new Map([...once].map(([series, count]) => [series, count * attempts])));

    // Plans must have answered: the comparison would also pass if they always fell back to Yoga. The first request of a document goes
    // through Yoga.
    const { values } = await scrape(planned.gateway);
    expect(plain).toBeGreaterThan(100);
    expect(failed).toBeGreaterThan(20);
    const seen = (series: string) => expect(once.get(series), series).toBeGreaterThan(0);
    seen('gateway_documents_total{document="trusted"}');
    seen('gateway_client_requests_total{client="other",outcome="ok"}');
    seen('gateway_deprecated_uses_total{coordinate="Aging.old",client="web"}');
    expect(values.get('gateway_plan_answers_total')).toBeGreaterThanOrEqual(plain * (attempts - 1));
  }, 120_000);
});
