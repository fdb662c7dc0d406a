import { composeServices } from '@theguild/federation-composition';
import { parse, print } from 'graphql';
import { describe, expect, it } from 'vitest';
import { domains } from '../../src/gateway/domains.ts';
import { readTypeDefs } from '../../src/graphql/schema/schema.ts';
import { startTestGateway } from '../support/gateway.ts';

const federation = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key"])';

/** Subgraphs that own the entities which this gateway only refers to, and one that refers to a conference. */
const others = [
  `${federation}
  "Somebody with an account."
  type User @key(fields: "id") { "A 64-bit integer." id: ID! name: String }
  type Query { user(id: ID!): User }`,
  `${federation}
  "A customer."
  type Organization @key(fields: "id") { id: ID! name: String }
  type Query { organization(id: ID!): Organization }`,
  `${federation}
  type Booking @key(fields: "id") { id: ID! conference: Conference }
  type Conference @key(fields: "tempConferenceId", resolvable: false) { tempConferenceId: ID! }
  type Query { bookings: [Booking!]! }`,
].map((sdl, at) => ({ name: `other-${at}`, url: 'http://other', typeDefs: parse(sdl) }));

const composed = (sdl: string) =>
  composeServices([{ name: 'conferences', url: 'http://ours', typeDefs: parse(sdl) }, ...others]);

/** The SDL that `_service` gives to a router. */
async function served(): Promise<string> {
  await using gateway = await startTestGateway();
  const { data } = await gateway.ask('{ _service { sdl } }', { token: null });
  return (data as { _service: { sdl: string } })._service.sdl;
}

describe.each([
  { what: 'the printed SDL', read: () => Promise.resolve(print(readTypeDefs(domains))) },
  { what: 'the SDL of _service', read: served },
])('$what', ({ read }) => {
  it('composes without an error with the subgraphs that own users and organizations', async () => {
    const { errors, supergraphSdl } = composed(await read());
    expect(errors ?? []).toEqual([]);
    expect(supergraphSdl).toContain('tempConferenceId');
  });

  it('would not compose if it described a shared type in another way', async () => {
    const { errors = [] } = composed((await read()).replaceAll(/\bid: ID!/g, 'id: Int!'));
    expect(errors.map(({ message }) => message)).toContainEqual(expect.stringContaining('"User.id"'));
  });
});
