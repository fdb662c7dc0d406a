import { describe, expect, it } from 'vitest';
import { codesOf, startTestGateway } from '../support/gateway.ts';
import { record, startTestUpstream } from '../support/upstream.ts';

const ids = (from: number, count: number) => Array.from({ length: count }, (_, at) => String(from + at));
const representations = (wanted: readonly string[]) =>
  wanted.map((tempConferenceId) => ({ __typename: 'Conference', tempConferenceId }));

describe('an operation', () => {
  const query = (aliases: readonly string[]) => `
    query ($ids: [ID!]!, $representations: [_Any!]!, $no: Boolean = false) {
      ${aliases.map((id) => `a${id}: conference(tempConferenceId: "${id}") { tempConferenceId }`).join('\n')}
      skipped: conference(tempConferenceId: "999") @include(if: $no) { tempConferenceId }
      conferences(tempConferenceIds: $ids) { tempConferenceId }
      _entities(representations: $representations) { ... on Conference { tempConferenceId } }
    }`;

  it('may need as many calls as the limit, through aliases, a list and representations together', async () => {
    await using upstream = await startTestUpstream(record());
    await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url });
    const variables = { ids: ids(100, 60), representations: representations(ids(160, 20)) };
    const reply = await gateway.ask(query(ids(0, 20)), { variables });
    expect(codesOf(reply)).toEqual([]);
    expect(upstream.received).toHaveLength(100);
  });

  it('that needs one more call is refused before the first call, with one error without a path, and no data', async () => {
    await using upstream = await startTestUpstream(record());
    await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url });
    const variables = { ids: ids(100, 60), representations: representations(ids(160, 20)) };
    const reply = await gateway.ask(query(ids(0, 21)), { variables });
    expect(reply).toMatchObject({ status: 200, data: null });
    expect(reply.errors).toEqual([
      {
        message: 'The operation needs more than 100 calls to the upstream.',
        extensions: { code: 'TOO_MANY_UPSTREAM_CALLS' },
      },
    ]);
    expect(upstream.received).toEqual([]);
  });

  it.each([
    { by: 'a list', variables: { ids: ids(0, 5000), representations: [] } },
    { by: 'representations', variables: { ids: [], representations: representations(ids(0, 2000)) } },
  ])('that needs thousands of calls by $by is refused before the first call', async ({ variables }) => {
    await using upstream = await startTestUpstream(record());
    await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url });
    const reply = await gateway.ask(query([]), { variables });
    expect(reply).toMatchObject({ status: 200, data: null });
    expect(codesOf(reply)).toEqual(['TOO_MANY_UPSTREAM_CALLS']);
    expect(upstream.received).toEqual([]);
  });

  it('may use one ID more often than the limit', async () => {
    await using upstream = await startTestUpstream(record());
    await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url, MAX_UPSTREAM_CALLS: '1' });
    const variables = { ids: Array.from({ length: 150 }, () => '1'), representations: [] };
    expect(codesOf(await gateway.ask(query([]), { variables }))).toEqual([]);
    expect(upstream.received).toHaveLength(1);
  });
});
