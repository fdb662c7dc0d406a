import { createHash } from 'node:crypto';
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client/core';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { describe, expect, it } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';
import { record, startTestUpstream } from '../support/upstream.ts';

describe("Apollo Client's link for persisted queries, where no documents are set,", () => {
  it('gets data at its second try, and sends no hash after it', async () => {
    await using upstream = await startTestUpstream(record({ title: 'Review', status: 2 }));
    await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url });
    const asked: { hasQuery: boolean; hasHash: boolean }[] = [];
    const client = new ApolloClient({
      cache: new InMemoryCache(),
      link: ApolloLink.from([
        new PersistedQueryLink({ sha256: (text) => createHash('sha256').update(text).digest('hex') }),
        new HttpLink({
          uri: gateway.url.href,
          headers: { token: 'anna' },
          async fetch(url, init) {
            const body = await new Response(init?.body).json();
            asked.push({ hasQuery: 'query' in body, hasHash: body.extensions?.persistedQuery !== undefined });
            return fetch(url, init);
          },
        }),
      ]),
    });
    const titleOf = async (id: string) => {
      const query = gql('query ($id: ID!) { conference(tempConferenceId: $id) { title } }');
      return (await client.query<{ conference: { title: string } }>({ query, variables: { id } })).data;
    };
    expect(await titleOf('1')).toMatchObject({ conference: { title: 'Review' } });
    expect(await titleOf('2')).toMatchObject({ conference: { title: 'Review' } });
    expect(asked).toEqual([
      { hasQuery: false, hasHash: true },
      { hasQuery: true, hasHash: false },
      { hasQuery: true, hasHash: false },
    ]);
  });
});
