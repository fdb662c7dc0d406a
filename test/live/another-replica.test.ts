import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import { expect, it, vi } from 'vitest';
import { startForwarder } from '../support/forwarder.ts';
import { startGatewayProcess } from '../support/process.ts';
import { record, startTestUpstream } from '../support/upstream.ts';

const payload = { query: 'subscription { conference(tempConferenceId: "1") { title } }' };

interface Data {
  readonly conference: { readonly title: string };
}

const viewers = 10;

it(
  'graphql-sse and graphql-ws come back to another replica by their defaults, within 5 s',
  { timeout: 30_000 },
  async () => {
    let title = 'before';
    await using upstream = await startTestUpstream((received, response) =>
      record({ title, status: 2 })(received, response),
    );
    const start = () => startGatewayProcess({ UPSTREAM_URL: upstream.url, LIVE_INTERVAL_MS: '100' });
    const first = await start();
    await using second = await start();
    await using balancer = await startForwarder([first.url, second.url]);

    const told: string[][] = [];
    const sinks = Array.from({ length: 2 * viewers }, (_, at) => {
      const titles: string[] = [];
      told.push(titles);
      return {
        next: ({ data }: { readonly data?: Data | null }) =>
          void titles.push(data?.conference.title ?? 'no data'),
        complete: () => void titles.push(`complete of ${at}`),
        error: (error: unknown) => void titles.push(`error ${String(error)}`),
      };
    });
    const clients = sinks.map((sink, at) => {
      if (at % 2 === 0) {
        const client = createSseClient({ url: balancer.url, headers: { token: 'anna' } });
        client.subscribe<Data>(payload, sink);
        return client;
      }
      const url = balancer.url.replace('http', 'ws');
      const client = createSocketClient({ url, connectionParams: { token: 'anna' } });
      client.subscribe<Data>(payload, sink);
      return client;
    });
    const all = (last: string) =>
      vi.waitFor(() => expect(told.map((titles) => titles.at(-1))).toEqual(told.map(() => last)), {
        timeout: 5000,
        interval: 20,
      });
    await all('before');

    await first[Symbol.asyncDispose]();
    title = 'after';
    await all('after');
    expect(told.flat().filter((title) => title !== 'before' && title !== 'after')).toEqual([]);
    for (const client of clients) await client.dispose();
  },
);
