import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { bookingsSubgraph } from './bookings.ts';
import { startConferences } from './conferences.ts';
import { listen, type Listening } from './listen.ts';
import { people } from './people.ts';
import { startSubgraph } from './subgraph.ts';

/** What to ask first: it starts at the bookings and goes through all three subgraphs. */
export const firstQuery = `{
  bookings {
    id
    conference {
      title
      status
      counters { attendees }
      host {
        ip
        user { name email organization { id members { name } } }
      }
    }
  }
}`;

/** Headers of the client that go to the gateway, and to no other subgraph: the token is nobody else's business. */
export const passedOn = ['token', 'authorization', 'x-request-id'] as const;

/** Longer than the gateway's own deadline (`UPSTREAM_TIMEOUT_MS`, 5 s): its UPSTREAM_TIMEOUT must come before ours. */
const subgraphTimeoutMs = 10_000;

/** The graph's port and those of its subgraphs. */
export const portsFrom = (first: number) => ({
  graph: first,
  // 0 takes any that is free.
  conferences: first && first + 1,
  people: first && first + 2,
  bookings: first && first + 3,
});

export interface SupergraphOptions {
  readonly ports: ReturnType<typeof portsFrom>;
  /** The gateway's settings. */
  readonly env: NodeJS.ProcessEnv;
  /** How subscriptions come from the gateway. Server-sent events if it is left out. */
  readonly liveOver?: 'sse' | 'websocket';
}

/** Starts the three subgraphs, composes them, and serves the graph by Hive Gateway. */
export async function startSupergraph({
  ports,
  env,
  liveOver = 'sse',
}: SupergraphOptions): Promise<Listening> {
  const started: Listening[] = [];
  const keep = async (starting: Promise<Listening>) => {
    const listening = await starting;
    started.push(listening);
    return listening.url;
  };
  const close = async () => {
    await Promise.all(started.splice(0).map((listening) => listening.close()));
  };
  try {
    const supergraph = await compose({
      conferences: await keep(startConferences(env, ports.conferences)),
      [people.name]: await keep(startSubgraph(people, ports.people)),
      [bookingsSubgraph.name]: await keep(startSubgraph(bookingsSubgraph, ports.bookings)),
    });
    const url = await keep(listen(createServer(createGraph(supergraph, liveOver)), ports.graph));
    return { url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const graphiql = {
  title: 'Conferences among others',
  // Left out by Yoga's types, yet the only one that has the query in place on a second visit as well.
  query: firstQuery,
  defaultHeaders: '{ "token": "dev-token" }',
  shouldPersistHeaders: false,
};

/** The token goes in `connection_init`: a socket for each, and none for two callers. */
const overWebSocket = {
  conferences: {
    options: {
      subscriptions: { kind: 'ws', options: { connectionParams: { token: '{context.headers.token}' } } },
    },
  },
};

function createGraph(supergraph: string, liveOver: 'sse' | 'websocket') {
  return createGatewayRuntime({
    supergraph,
    ...(liveOver === 'websocket' && { transportEntries: overWebSocket }),
    // Not of a subscription: it would be cut, and its client told `complete`, which means that the conference is over.
    upstreamTimeout: ({ executionRequest }) =>
      executionRequest?.operationType === 'subscription' ? undefined : subgraphTimeoutMs,
    logging: 'warn',
    propagateHeaders: {
      fromClientToSubgraphs: ({ request, subgraphName }) =>
        subgraphName === 'conferences'
          ? Object.fromEntries(passedOn.map((name) => [name, request.headers.get(name)]))
          : {},
    },
    landingPage: false,
    renderGraphiQL,
    graphiql,
  });
}

/** The supergraph's SDL out of what each subgraph says of itself, as a registry would compose it. */
async function compose(urls: Readonly<Record<string, string>>): Promise<string> {
  const services = await Promise.all(
    Object.entries(urls).map(async ([name, url]) => ({ name, url, typeDefs: parse(await readSdl(url)) })),
  );
  const { errors = [], supergraphSdl } = composeServices(services);
  if (!supergraphSdl) throw new Error(errors.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

async function readSdl(url: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{_service{sdl}}"}',
  });
  const { data }: { data: { _service: { sdl: string } } } = await response.json();
  return data._service.sdl;
}
