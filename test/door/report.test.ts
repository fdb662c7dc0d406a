import { describe, expect, it } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';
import { record, startTestUpstream } from '../support/upstream.ts';

const long = 'N'.repeat(1000);

describe('the event of a refused request', () => {
  it.each([
    {
      what: 'that is not GraphQL',
      query: 'query Q {',
      codes: ['GRAPHQL_PARSE_FAILED'],
      operationName: undefined,
    },
    {
      what: 'that does not fit the schema',
      query: 'query Q {x}',
      codes: ['GRAPHQL_VALIDATION_FAILED'],
      operationName: undefined,
    },
    {
      what: 'without the value of a variable',
      query: 'query Q($id: ID!) {conference(tempConferenceId: $id) {title}}',
      codes: ['BAD_USER_INPUT'],
      operationName: undefined,
    },
    {
      what: 'that needs too many calls',
      query: 'query Q {conferences(tempConferenceIds: ["1", "2"]) {title}}',
      codes: ['TOO_MANY_UPSTREAM_CALLS'],
      operationName: 'Q',
    },
    {
      what: 'that fails in two places',
      query: `query ${long} {a: conference(tempConferenceId: "") {title} b: conference(tempConferenceId: "") {title}}`,
      codes: ['BAD_USER_INPUT'],
      operationName: long.slice(0, 128),
    },
  ])(
    '$what has each code once, and the operation name if it was executed',
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
