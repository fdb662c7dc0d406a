import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'undici';
import type { GatewayName } from '../children.ts';
import type { Figure, Scenario } from '../scenario.ts';
import { withStand } from '../stand.ts';

const clients = 1000;
const conferences = 10;
const intervalMs = 2000;
const warmUpMs = 6000;
const measuredMs = 10_000;

const quick = { slots: 64, workMs: 5, faultShare: 0, fault: '503' } as const;
const settings = { LIVE_INTERVAL_MS: String(intervalMs), UPSTREAM_CONCURRENCY: '64' };
const selection = '{ title status startTime counters { attendees voipConnections } }';
const bodyFor = (kind: 'query' | 'subscription', at: number) =>
  JSON.stringify({
    query: `${kind} ($id: ID!) { conference(tempConferenceId: $id) ${selection} }`,
    variables: { id: `moving-${at % conferences}` },
  });
const headers = { 'content-type': 'application/json', token: 'service' };

/** CPU of the gateway while something goes on, in per cent of one core. */
type Measure = () => Promise<number>;

export const live: Scenario = {
  title: '1,000 viewers of ten conferences that change all the time; 1,000 clients that poll every 2 s',
  measure: async (name) => {
    const polling = await onStand(name, poll);
    if (name === 'plain') return figures(notMeasured, polling);
    return figures(await onStand(name, view), polling);
  },
};

interface Cost {
  readonly cpu: number;
  readonly perSecond: number;
}

const notMeasured: Cost = { cpu: Number.NaN, perSecond: Number.NaN };

function figures({ cpu, perSecond }: Cost, polling: Cost): Figure[] {
  return [
    { what: 'CPU of clients that poll, of one core', value: polling.cpu, unit: '%' },
    { what: '  their answers', value: polling.perSecond, unit: '/s' },
    { what: 'CPU of viewers, of one core', value: cpu, unit: '%', promise: { atMost: polling.cpu } },
    { what: '  their events', value: perSecond, unit: '/s' },
    { what: '10,000 viewers would take of it', value: cpu * 10, unit: '%', promise: { atMost: 100 } },
  ];
}

function onStand(
  name: GatewayName,
  load: (url: string, measure: Measure) => Promise<Cost>,
): Promise<Cost> {
  return withStand(name, quick, settings, async ({ gateway }) =>
    load(gateway.url, async () => {
      await gateway.ask('watch');
      await sleep(measuredMs);
      return gateway.ask('cpu');
    }),
  );
}

/** Each client on a connection of its own, at moments spread over the interval. */
async function poll(url: string, measure: Measure) {
  const { origin, pathname } = new URL(url);
  let answers = 0;
  let goesOn = true;
  const lanes = Array.from({ length: clients }, async (_, at) => {
    const client = new Client(origin);
    await sleep((intervalMs / clients) * at);
    while (goesOn) {
      const begun = performance.now();
      const asked = { path: pathname, method: 'POST', headers, body: bodyFor('query', at) } as const;
      const { body } = await client.request(asked);
      const text = await body.text();
      if (text.includes('"errors"')) throw new Error(`a client that polls was refused: ${text}`);
      answers += 1;
      await sleep(Math.max(0, intervalMs - (performance.now() - begun)));
    }
    await client.close();
  });
  await sleep(warmUpMs);
  const before = answers;
  const cpu = await measure();
  const perSecond = (answers - before) / (measuredMs / 1000);
  goesOn = false;
  await Promise.all(lanes);
  return { cpu, perSecond };
}

async function view(url: string, measure: Measure) {
  let events = 0;
  const streams: ClientRequest[] = [];
  for (let at = 0; at < clients; at += 1) {
    const accepting = { ...headers, accept: 'text/event-stream' };
    const stream = request(url, { method: 'POST', agent: false, headers: accepting });
    stream.on('error', () => undefined);
    stream.end(bodyFor('subscription', at));
    streams.push(stream);
    void once(stream, 'response').then(([response]) => {
      response.setEncoding('latin1').on('data', (text: string) => {
        events += text.split('event: next').length - 1;
      });
      response.on('error', () => undefined);
    });
    if (at % 50 === 0) await sleep(20);
  }
  await sleep(warmUpMs);
  if (events < clients) throw new Error(`only ${events} events came to ${clients} viewers`);
  const before = events;
  const cpu = await measure();
  const perSecond = (events - before) / (measuredMs / 1000);
  for (const stream of streams) stream.destroy();
  return { cpu, perSecond };
}
