import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client/core';
import { Client, fetchExchange } from '@urql/core';
import { createClient } from 'graphql-sse';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from '../support/process.ts';
import { record, startTestUpstream, type TestUpstream } from '../support/upstream.ts';
import { watchByApollo } from './clients/apollo.ts';
import { watchByFetch } from './clients/fetch.ts';
import { watchByUrql } from './clients/urql.ts';

let state: { title: string; status: number };
let upstream: TestUpstream;
let gateway: GatewayProcess;
beforeEach(async () => {
  state = { title: 'first', status: 2 };
  upstream = await startTestUpstream((received, response) => record(state)(received, response));
  gateway = await start();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

const start = (port = '0') =>
  startGatewayProcess({
    PORT: port,
    UPSTREAM_URL: upstream.url,
    LIVE_INTERVAL_MS: '200',
    DRAIN_TIMEOUT_MS: '1000',
  });

const token = 'anna';
const running = 'subscription ($id: ID!) { conference(tempConferenceId: $id) { title status } }';
const variables = { id: '1' };

/** A client with a subscription: the titles that it has received, and whether it considers the subscription complete. */
interface Watching {
  readonly titles: unknown[];
  readonly isOver: () => boolean;
}

const titleIn = (data: unknown) =>
  (data as { conference: { title: string } | null } | undefined)?.conference?.title;

type Begin = (url: string, query?: string) => Watching;

const clients: Readonly<Record<string, Begin>> = {
  'graphql-sse, by its defaults,': (url, query = running) => {
    const titles: unknown[] = [];
    let isOver = false;
    createClient({ url, headers: { token } }).subscribe(
      { query, variables },
      {
        next: ({ data }) => titles.push(titleIn(data)),
        complete: () => (isOver = true),
        error: (error) => titles.push(error),
      },
    );
    return { titles, isOver: () => isOver };
  },
  'urql, by the lines of docs/live.md,': (url, query = running) => {
    const titles: unknown[] = [];
    let last: unknown;
    const client = new Client({
      url,
      preferGetMethod: false,
      exchanges: [fetchExchange],
      fetchSubscriptions: true,
      fetchOptions: { headers: { token } },
    });
    watchByUrql(client, { query, variables }, ({ data }) => {
      titles.push(titleIn(data));
      last = data?.conference?.status;
    });
    return { titles, isOver: () => last === 'ENDED' };
  },
  'Apollo Client with HttpLink alone, by the lines of docs/live.md,': (url, query = running) => {
    const titles: unknown[] = [];
    let last: unknown;
    const client = new ApolloClient({
      link: new HttpLink({ uri: url, headers: { token } }),
      cache: new InMemoryCache(),
    });
    watchByApollo(client, { query, variables }, (data) => {
      titles.push(titleIn(data));
      last = (data as { conference: { status: string } | null }).conference?.status;
    });
    return { titles, isOver: () => last === 'ENDED' };
  },
  'plain fetch, by the lines of docs/live.md,': (url, query = running) => {
    const titles: unknown[] = [];
    let isOver = false;
    const { signal } = new AbortController();
    void watchByFetch(url, { query, variables, token, signal }, ({ data }) =>
      titles.push(titleIn(data)),
    ).then(() => (isOver = true));
    return { titles, isOver: () => isOver };
  },
};

describe('across a SIGTERM and a restart', () => {
  it('all clients reconnect within 5 s, and end with the conference', { timeout: 30_000 }, async () => {
    const { href, port } = gateway.url;
    const watching = Object.values(clients).map((begin) => begin(href));
    const told = (title: string) =>
      vi.waitFor(
        () => expect(watching.map(({ titles }) => titles.at(-1))).toEqual(watching.map(() => title)),
        { timeout: 6000, interval: 20 },
      );
    await told('first');
    state = { title: 'second', status: 2 };
    await told('second');

    await gateway[Symbol.asyncDispose]();
    expect(watching.map(({ isOver }) => isOver())).toEqual(watching.map(() => false));
    state = { title: 'third', status: 2 };
    gateway = await start(port);
    const back = performance.now();
    await told('third');
    expect(performance.now() - back).toBeLessThan(5000);

    state = { title: 'last', status: 4 };
    await told('last');
    await vi.waitFor(() => expect(watching.filter(({ isOver }) => !isOver())).toEqual([]), { timeout: 3000 });
    const { length } = upstream.received;
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(upstream.received).toHaveLength(length);
  });
});

describe('a subscription that is refused for good', () => {
  it('is requested once by each client', async () => {
    // The clients then wait for their shortest backoff.
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const begun = Object.values(clients).map((begin) =>
      begin(gateway.url.href, 'subscription { conference(tempConferenceId: "1") { nope } }'),
    );
    const refused = () => gateway.lines.filter((line) => line.includes('GRAPHQL_VALIDATION_FAILED'));
    await vi.waitFor(() => expect(refused()).toHaveLength(begun.length), { timeout: 5000 });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(refused()).toHaveLength(begun.length);
  });
});
