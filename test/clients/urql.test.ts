import { Client, fetchExchange, type OperationResult } from '@urql/core';
import { buildASTSchema, introspectionFromSchema } from 'graphql';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pipe, subscribe } from 'wonka';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { record, startTestUpstream, text, type TestUpstream } from '../support/upstream.ts';
import { clientSchema } from '../../src/graphql/schema/client-schema.ts';
import { readTypeDefs } from '../../src/graphql/schema/schema.ts';
import { domains } from '../../src/gateway/domains.ts';
import { createCacheExchange } from './graphcache.ts';

const introspection = introspectionFromSchema(buildASTSchema(clientSchema(readTypeDefs(domains))));

let state: Record<string, unknown>;
let upstream: TestUpstream;
let gateway: TestGateway;
let requests: number;
beforeEach(async () => {
  state = { title: 'Review', status: 2, hostName: 'Anna', hostEmail: 'anna@example.com', attendeeCnt: 3 };
  requests = 0;
  upstream = await startTestUpstream((received, response) =>
    (received.id === 'rejected' ? text('{"status":9,"msg":"不行"}') : record(state))(received, response),
  );
  gateway = await startTestGateway({ UPSTREAM_URL: upstream.url, LIVE_INTERVAL_MS: '100' });
});
afterEach(async () => {
  await gateway.close();
  await upstream[Symbol.asyncDispose]();
});

const createClient = (token = 'anna') =>
  new Client({
    url: gateway.url.href,
    exchanges: [createCacheExchange(introspection), fetchExchange],
    preferGetMethod: false,
    fetchSubscriptions: true,
    fetchOptions: { headers: { token } },
    fetch: (...args) => {
      requests += 1;
      return fetch(...args);
    },
  });

/** Mounts a component with this query. The returned function gives the data that it shows now. */
function mount(client: Client, query: string): () => unknown {
  let shown: OperationResult | undefined;
  pipe(
    client.query<{ conference: unknown }>(query, {}),
    subscribe((result) => (shown = result)),
  );
  return () => shown?.data?.conference;
}

const left = `query Left { conference(tempConferenceId: "1") {
  tempConferenceId host { name } counters { attendees }
} }`;
const right = left
  .replace('Left', 'Right')
  .replace('name }', 'email }')
  .replace('attendees', 'voipConnections');

describe('two components of urql with its normalized cache, by the lines of docs/frontends.md,', () => {
  it('ask twice for different fields of host and counters, and move with one subscription', async () => {
    // Graphcache warns about each type without a key.
    const warn = vi.spyOn(console, 'warn');
    const client = createClient();
    const [showsLeft, showsRight] = [mount(client, left), mount(client, right)];
    await expect.poll(showsLeft).toMatchObject({ host: { name: 'Anna' }, counters: { attendees: 3 } });
    await expect.poll(showsRight).toMatchObject({ host: { email: 'anna@example.com' } });
    const watching = pipe(
      client.subscription(
        `subscription { conference(tempConferenceId: "1") {
          tempConferenceId counters { attendees voipConnections }
        } }`,
        {},
      ),
      subscribe(() => {}),
    );
    Object.assign(state, { attendeeCnt: 5, voipCnt: 8 });
    await expect.poll(showsLeft).toMatchObject({ host: { name: 'Anna' }, counters: { attendees: 5 } });
    await expect
      .poll(showsRight)
      .toMatchObject({ host: { email: 'anna@example.com' }, counters: { voipConnections: 8 } });
    watching.unsubscribe();
    expect(requests).toBe(3);
    expect(warn.mock.calls).toEqual([]);
  });
});

describe('an error, to urql', () => {
  it('has its code, and leaves the other conferences', async () => {
    const query = '{ conferences(tempConferenceIds: ["1", "rejected"]) { tempConferenceId title } }';
    const { data, error } = await createClient().query(query, {});
    expect(data).toMatchObject({ conferences: [{ title: 'Review' }, null] });
    expect(error?.graphQLErrors[0]).toMatchObject({
      message: '不行',
      path: ['conferences', 1],
      extensions: { code: 'UPSTREAM_REJECTED', upstream: { status: 9 } },
    });
  });
});
