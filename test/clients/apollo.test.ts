import {
  ApolloClient,
  CombinedGraphQLErrors,
  gql,
  HttpLink,
  InMemoryCache,
  type StoreObject,
} from '@apollo/client/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { record, startTestUpstream, text, type TestUpstream } from '../support/upstream.ts';
import { createCache } from './apollo-cache.ts';

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

function createClient(cache = createCache(), token = 'anna'): ApolloClient {
  const link = new HttpLink({
    uri: gateway.url.href,
    headers: { token },
    fetch: (...args) => {
      requests += 1;
      return fetch(...args);
    },
  });
  return new ApolloClient({ link, cache });
}

/** Mounts a component with this query. The returned function gives the data that it shows now. */
function mount(client: ApolloClient, query: string): () => unknown {
  let shown: unknown;
  client
    .watchQuery<{ conference: unknown }>({ query: gql(query), errorPolicy: 'all' })
    .subscribe(({ data, loading }) => {
      if (!loading) shown = data?.conference;
    });
  return () => shown;
}

/** Waits until there was no new request for 300 ms. Returns their number. */
async function settledRequests(): Promise<number> {
  for (let before = -1; before !== requests;) {
    before = requests;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  return requests;
}

const left = `query Left { conference(tempConferenceId: "1") {
  tempConferenceId host { name } counters { attendees }
} }`;
const right = `query Right { conference(tempConferenceId: "1") {
  tempConferenceId host { email } counters { voipConnections }
} }`;

describe('two components of Apollo Client that select different fields of host and counters', () => {
  it('ask twice with the lines of docs/frontends.md, and once more when one of them is asked to', async () => {
    const client = createClient();
    const [showsLeft, showsRight] = [mount(client, left), mount(client, right)];
    await expect.poll(showsLeft).toMatchObject({ host: { name: 'Anna' }, counters: { attendees: 3 } });
    await expect.poll(showsRight).toMatchObject({ host: { email: 'anna@example.com' } });
    expect(await settledRequests()).toBe(2);

    state['attendeeCnt'] = 4;
    await client.refetchQueries({ include: ['Left'] });
    await expect.poll(showsLeft).toMatchObject({ host: { name: 'Anna' }, counters: { attendees: 4 } });
    expect(await settledRequests()).toBe(3);
  });

  it('ask more often without those lines', async () => {
    const client = createClient(new InMemoryCache());
    const showsLeft = mount(client, left);
    await expect.poll(showsLeft).toMatchObject({ host: { name: 'Anna' } });
    mount(client, right);
    expect(await settledRequests()).toBeGreaterThan(2);
  });

  it('both move with one subscription that selects the fields of both, without another request', async () => {
    const client = createClient();
    const [showsLeft, showsRight] = [mount(client, left), mount(client, right)];
    await expect.poll(showsLeft).toMatchObject({ counters: { attendees: 3 } });
    await expect.poll(showsRight).toMatchObject({ counters: { voipConnections: null } });
    const watching = client
      .subscribe({
        query: gql(`subscription { conference(tempConferenceId: "1") {
          tempConferenceId counters { attendees voipConnections }
        } }`),
      })
      .subscribe({});
    Object.assign(state, { attendeeCnt: 5, voipCnt: 8 });
    await expect.poll(showsLeft).toMatchObject({ host: { name: 'Anna' }, counters: { attendees: 5 } });
    await expect.poll(showsRight).toMatchObject({ counters: { voipConnections: 8 } });
    watching.unsubscribe();
    expect(requests).toBe(3);
  });
});

describe('a temporary ID that comes back as another conference', () => {
  it('is mixed up by the cache until its entry is evicted, as docs/frontends.md says', async () => {
    Object.assign(state, { eventId: 1, hostName: 'Anna' });
    const client = createClient();
    const shows = mount(client, left);
    await expect.poll(shows).toMatchObject({ host: { name: 'Anna' } });

    Object.assign(state, { eventId: 2, hostName: 'Bert', hostEmail: 'bert@example.com' });
    const query = gql('{ conference(tempConferenceId: "1") { tempConferenceId eventId host { email } } }');
    const { data } = await client.query<{ conference: StoreObject }>({ query });
    expect(data).toMatchObject({ conference: { eventId: '2', host: { email: 'bert@example.com' } } });
    expect(shows()).toMatchObject({ host: { name: 'Anna' } });

    const id = client.cache.identify(data?.conference ?? {});
    if (id === undefined) throw new Error('no entry');
    client.cache.evict({ id });
    await expect.poll(shows).toMatchObject({ host: { name: 'Bert' } });
  });
});

describe('an error, to Apollo Client', () => {
  it('has its code, and whether asking again may help', async () => {
    const query = gql('{ conference(tempConferenceId: "1") { title } }');
    const { error } = await createClient(createCache(), '').query({ query, errorPolicy: 'all' });
    if (!CombinedGraphQLErrors.is(error)) throw new Error('no errors of GraphQL');
    expect(error.errors[0]?.extensions).toEqual({ code: 'UNAUTHENTICATED' });
  });

  const list = gql('{ conferences(tempConferenceIds: ["1", "rejected"]) { tempConferenceId title } }');

  it('of one conference leaves the others under errorPolicy all', async () => {
    const { data, error } = await createClient().query({ query: list, errorPolicy: 'all' });
    expect(data).toMatchObject({ conferences: [{ title: 'Review' }, null] });
    if (!CombinedGraphQLErrors.is(error)) throw new Error('no errors of GraphQL');
    expect(error.errors).toMatchObject([
      {
        message: '不行',
        path: ['conferences', 1],
        extensions: { code: 'UPSTREAM_REJECTED', upstream: { status: 9 } },
      },
    ]);
  });

  it('of one conference takes all with it under the policy that is set by default', async () => {
    await expect(createClient().query({ query: list })).rejects.toThrow('不行');
  });
});
