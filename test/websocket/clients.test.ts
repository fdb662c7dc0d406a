import { ApolloClient, gql, InMemoryCache } from '@apollo/client/core';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { Client, subscriptionExchange } from '@urql/core';
import { type Client as SocketClient, createClient } from 'graphql-ws';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pipe, subscribe } from 'wonka';
import { type GatewayProcess, startGatewayProcess } from '../support/process.ts';
import { record, startTestUpstream, type TestUpstream } from '../support/upstream.ts';

let state: { title: string; status: number };
let upstream: TestUpstream;
let gateway: GatewayProcess;
let sockets: SocketClient[];
beforeEach(async () => {
  sockets = [];
  state = { title: 'first', status: 2 };
  upstream = await startTestUpstream((received, response) => record(state)(received, response));
  gateway = await start();
});
afterEach(async () => {
  for (const socket of sockets) await socket.dispose();
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

/** With the client's defaults, as in its documentation. */
function connect(url: string): SocketClient {
  const socket = createClient({ url: url.replace('http', 'ws'), connectionParams: { token: 'anna' } });
  sockets.push(socket);
  return socket;
}

const query = 'subscription ($id: ID!) { conference(tempConferenceId: $id) { title status } }';
const variables = { id: '1' };

interface Data {
  readonly conference: { readonly title: string } | null;
}

/** A client with a subscription: what it received, and whether the subscription has completed. */
interface Watching {
  readonly titles: unknown[];
  readonly isOver: () => boolean;
}

const clients: Readonly<Record<string, (url: string) => Watching>> = {
  'graphql-ws': (url) => {
    const titles: unknown[] = [];
    let isOver = false;
    connect(url).subscribe<Data>(
      { query, variables },
      {
        next: ({ data }) => titles.push(data?.conference?.title),
        complete: () => (isOver = true),
        error: (error) => titles.push(error),
      },
    );
    return { titles, isOver: () => isOver };
  },
  'Apollo Client with GraphQLWsLink': (url) => {
    const titles: unknown[] = [];
    let isOver = false;
    const client = new ApolloClient({ link: new GraphQLWsLink(connect(url)), cache: new InMemoryCache() });
    client.subscribe<Data>({ query: gql(query), variables }).subscribe({
      next: ({ data, error }) => titles.push(error ?? data?.conference?.title),
      complete: () => (isOver = true),
    });
    return { titles, isOver: () => isOver };
  },
  'urql with subscriptionExchange': (url) => {
    const titles: unknown[] = [];
    let isOver = false;
    const socket = connect(url);
    const client = new Client({
      url,
      preferGetMethod: false,
      exchanges: [
        subscriptionExchange({
          forwardSubscription: ({ query: text = '', variables: given = {} }) => ({
            subscribe: (sink) => ({
              unsubscribe: socket.subscribe(
                { query: text, variables: given },
                {
                  ...sink,
                  next: ({ data, errors }) =>
                    sink.next({ data: data ?? null, ...(errors && { errors: [...errors] }) }),
                  complete() {
                    isOver = true;
                    sink.complete();
                  },
                },
              ),
            }),
          }),
        }),
      ],
    });
    pipe(
      client.subscription<Data>(query, variables),
      subscribe(({ data, error }) => titles.push(error ?? data?.conference?.title)),
    );
    return { titles, isOver: () => isOver };
  },
};

describe('graphql-ws, and Apollo Client and urql over it, across a SIGTERM and a restart', () => {
  it('reconnect by themselves, and complete when the conference has ended', { timeout: 30_000 }, async () => {
    const { href, port } = gateway.url;
    const watching = Object.values(clients).map((begin) => begin(href));
    const told = (title: string) =>
      vi.waitFor(
        () => expect(watching.map(({ titles }) => titles.at(-1))).toEqual(watching.map(() => title)),
        // graphql-ws waits for up to 5 s between two attempts.
        { timeout: 8000, interval: 20 },
      );
    await told('first');
    state = { title: 'second', status: 2 };
    await told('second');

    await gateway[Symbol.asyncDispose]();
    expect(watching.map(({ isOver }) => isOver())).toEqual([false, false, false]);
    state = { title: 'third', status: 2 };
    gateway = await start(port);
    await told('third');

    state = { title: 'last', status: 4 };
    await told('last');
    await vi.waitFor(() => expect(watching.map(({ isOver }) => isOver())).toEqual([true, true, true]), {
      timeout: 5000,
    });
  });
});
