import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codesOf, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { record, startTestUpstream, type TestUpstream } from '../support/upstream.ts';

let upstream: TestUpstream;
let gateway: TestGateway;
beforeAll(async () => {
  upstream = await startTestUpstream(record());
  gateway = await startTestGateway({ UPSTREAM_URL: upstream.url });
});
afterAll(async () => {
  await gateway.close();
  await upstream[Symbol.asyncDispose]();
});

const times = (count: number, text: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => text(at)).join(' ');
const sameId = (count: number) => Array.from({ length: count }, () => '1');
const sameRepresentation = (count: number) =>
  Array.from({ length: count }, () => ({ __typename: 'Conference', tempConferenceId: '1' }));

const list = (literal = '$ids') => `conferences(tempConferenceIds: ${literal}) { ...C }`;
const literal = `[${times(90, () => '"1"')}]`;
const fields = (count: number) => `fragment C on Conference { ${times(count, (at) => `a${at}: title`)} }`;
const entities = 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }';

describe('an operation that needs only one ID', () => {
  it.each([
    {
      how: 'a list of 10,000',
      query: `query ($ids: [ID!]!) { ${list()} } ${fields(1)}`,
      variables: { ids: sameId(10_000) },
    },
    {
      how: '10,000 IDs that cannot be',
      query: `query ($ids: [ID!]!) { ${list()} } ${fields(1)}`,
      variables: { ids: sameId(10_000).fill('') },
    },
    { how: '2,000 representations', query: entities, variables: { r: sameRepresentation(2000) } },
    {
      how: 'a list of 90 with 200 fields each',
      query: `query ($ids: [ID!]!) { ${list()} } ${fields(200)}`,
      variables: { ids: sameId(90) },
    },
    {
      how: 'a list in the document with 200 fields each',
      query: `{ ${list(literal)} } ${fields(200)}`,
    },
    {
      how: 'the default of a variable with 200 fields each',
      query: `query ($ids: [ID!]! = ${literal}) { ${list()} } ${fields(200)}`,
    },
    {
      how: 'aliases of a list and spreads of a fragment',
      query: `query ($ids: [ID!]!) { ${times(40, (at) => `l${at}: ${list()}`)} } ${fields(50)}`,
      variables: { ids: sameId(10) },
    },
  ])('through $how is refused without a call', async ({ query, variables }) => {
    const reply = await gateway.ask(query, { variables });
    expect(reply).toMatchObject({ status: 200, data: null });
    expect(codesOf(reply)).toEqual(['ANSWER_TOO_LARGE']);
    expect(upstream.received).toEqual([]);
  });

  it('is served with a whole conference at as many places as it may make calls', async () => {
    const query = `query ($ids: [ID!]!) { ${list()} } ${fields(40)}`;
    expect(codesOf(await gateway.ask(query, { variables: { ids: sameId(100) } }))).toEqual([]);
    expect(upstream.received).toHaveLength(1);
  });
});
