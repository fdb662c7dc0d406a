import type { RequestOf } from './load.ts';
import type { ServerName } from './servers.ts';

/** What is asked of the servers, over and over. */
export interface Scene {
  readonly title: string;
  readonly servers: readonly ServerName[];
  readonly connections: number;
  /** The request of the load's so-many-th question, as this server takes it. */
  readonly requestOf: (server: ServerName) => RequestOf;
  readonly isGood: (body: string, server: ServerName) => boolean;
}

const document = `query Card($id: ID!) {
  conference(tempConferenceId: $id) {
    tempConferenceId title status startTime durationSeconds host { name } counters { attendees voipConnections }
  }
}`;
const entities = `query ($r: [_Any!]!) {
  _entities(representations: $r) {
    ... on Conference { title status startTime durationSeconds host { name } counters { attendees voipConnections } }
  }
}`;
const path = '/confopenapi/admin/dashboard/conference/info';
const callers = 1000;

const head = (method: string, target: string, token: string) =>
  `${method} ${target} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: application/json\r\ntoken: ${token}\r\n`;
// All of it is ASCII: a character is a byte.
const post = (target: string, token: string, body: string) =>
  `${head('POST', target, token)}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
const tokenOf = (count: number) => `caller-${count % callers}-4f1d0b6c2a9e`;
const idOf = (count: number) => String(10_000_000 + count);

const toProxy: RequestOf = (count) => post(path, tokenOf(count), JSON.stringify({ tempConferenceId: idOf(count) }));
const toGraphql =
  (query: string, variablesOf: (count: number) => object, token = tokenOf): RequestOf =>
  (count) =>
    post(
      '/graphql',
      token(count),
      JSON.stringify({ query, operationName: query === document ? 'Card' : undefined, variables: variablesOf(count) }),
    );
const proxied = (requestOf: RequestOf) => (server: ServerName) => (server === 'proxy' ? toProxy : requestOf);

const representation = (count: number) => ({ __typename: 'Conference', tempConferenceId: idOf(count) });
const isWhole = (body: string) => body.includes('"voipCnt":10') || (body.includes('"voipConnections":10') && !body.includes('"errors"'));

const cold = { connections: 64, isGood: isWhole } as const;
const peers = ['proxy', 'ours', 'mercurius', 'apollo', 'yoga'] as const;
const two = ['proxy', 'ours'] as const;

/** By the name that they are asked for. */
export const scenes = {
  query: {
    ...cold,
    title: 'One conference by POST: another ID each time, a thousand callers',
    servers: peers,
    requestOf: proxied(toGraphql(document, (count) => ({ id: idOf(count) }))),
  },
  get: {
    ...cold,
    title: 'The same by GET',
    servers: two,
    requestOf: proxied((count) => {
      const variables = encodeURIComponent(JSON.stringify({ id: idOf(count) }));
      const search = `query=${encodeURIComponent(document)}&operationName=Card&variables=${variables}`;
      return `${head('GET', `/graphql?${search}`, tokenOf(count))}\r\n`;
    }),
  },
  entity: {
    ...cold,
    title: 'An entity for a router: _entities of one',
    servers: two,
    requestOf: proxied(toGraphql(entities, (count) => ({ r: [representation(count)] }))),
  },
  entities: {
    ...cold,
    // At 64, there would be more calls than the gateway lets in, and it would rightly refuse some.
    connections: 16,
    title: '_entities of ten, at 16 connections: ten calls upstream, the proxy still makes one',
    servers: two,
    requestOf: proxied(
      toGraphql(entities, (count) => ({ r: Array.from({ length: 10 }, (_, at) => representation(count * 10 + at)) })),
    ),
  },
  error: {
    ...cold,
    title: 'One field of the record cannot be read: data and an error',
    servers: two,
    requestOf: proxied(toGraphql(document, (count) => ({ id: `bad${idOf(count)}` }))),
    isGood: (body, server) =>
      server === 'proxy' ? isWhole(body) : body.includes('UPSTREAM_INVALID_FIELD') && body.includes('"durationSeconds":null'),
  },
  poll: {
    title: '1,000 connections poll ten conferences of one caller; the proxy as under `query`, at 64 connections',
    connections: 1000,
    isGood: isWhole,
    servers: two,
    requestOf: proxied(toGraphql(document, (count) => ({ id: idOf(count % 10) }), () => tokenOf(0))),
  },
} as const satisfies Readonly<Record<string, Scene>>;

export type SceneName = keyof typeof scenes;
