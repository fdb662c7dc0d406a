import { describe, expect, it } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';
import { record, startTestUpstream } from '../support/upstream.ts';

const long = 'N'.repeat(1000);

describe('the event of a request that is refused', () => {
  it.each([
    { what: 'no GraphQL', query: 'query Q {', codes: ['GRAPHQL_PARSE_FAILED'], operationName: undefined },
    {
      what: 'not of the schema',
      query: 'query Q {x}',
      codes: ['GRAPHQL_VALIDATION_FAILED'],
      operationName: undefined,
    },
    {
      what: 'without a value of a variable',
      query: 'query Q($id: ID!) {conference(tempConferenceId: $id) {title}}',
      codes: ['BAD_USER_INPUT'],
      operationName: undefined,
    },
    {
      what: 'over its budget',
      query: 'query Q {conferences(tempConferenceIds: ["1", "2"]) {title}}',
      codes: ['TOO_MANY_UPSTREAM_CALLS'],
      operationName: 'Q',
    },
    {
      what: 'in two places',
      query: `query ${long} {a: conference(tempConferenceId: "") {title} b: conference(tempConferenceId: "") {title}}`,
      codes: ['BAD_USER_INPUT'],
      operationName: long.slice(0, 128),
    },
  ])(
    '$what has its codes, each once, and the name if it was executed',
    async ({ query, codes, operationName }) => {
      await using upstream = await startTestUpstream(record());
      await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url, MAX_UPSTREAM_CALLS: '1' });
      await gateway.ask(query);
      await expect
        .poll(() => gateway.events.findLast(({ event }) => event === 'request'))
        .toMatchObject({ codes, operationName });
    },
  );
});
