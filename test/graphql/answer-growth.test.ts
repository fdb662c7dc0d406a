import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { domains } from '../../src/gateway/domains.ts';
import { participants } from '../fixtures/participants/participants.ts';
import { codesOf, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { record, startTestUpstream, type TestUpstream } from '../support/upstream.ts';

let upstream: TestUpstream;
let gateway: TestGateway;
beforeAll(async () => {
  upstream = await startTestUpstream((received, response) =>
    record({
      title: 'x'.repeat(30_000),
      startTime: 'x',
      participants: Array.from({ length: Number(received.id) }, () => ({ nickname: 'a' })),
    })(received, response),
  );
  gateway = await startTestGateway({ UPSTREAM_URL: upstream.url }, { domains: [...domains, participants] });
});
afterAll(async () => {
  await gateway.close();
  await upstream[Symbol.asyncDispose]();
});

const aliases = (count: number, field: string) =>
  Array.from({ length: count }, (_, at) => `a${at}: ${field}`).join(' ');
const people = (count: number, selection: string) =>
  `{ participants(tempConferenceId: "${count}") { ${selection} } }`;

describe('a list from the upstream', () => {
  it('is served whole, however many items it has', async () => {
    const reply = await gateway.ask(people(1000, 'participants { name user { id } }'));
    expect(codesOf(reply)).toEqual([]);
    expect(JSON.stringify(reply.data).match(/"name":"a"/g)).toHaveLength(1000);
  });

  it.each([
    { how: 'aliases of the list', query: people(1000, aliases(150, 'participants { name }')) },
    { how: 'aliases below it', query: people(1000, `participants { ${aliases(150, 'name')} }`) },
    {
      how: 'a long alias below it',
      query: people(1000, `participants { ${'a'.repeat(5000)}: __typename }`),
    },
  ])('counts once per item, under $how', async ({ query }) => {
    const reply = await gateway.ask(query);
    expect(reply).toMatchObject({ status: 200, data: null });
    expect(reply.errors).toEqual([
      {
        message: expect.stringMatching(/^The answer would have more than/),
        extensions: { code: 'ANSWER_TOO_LARGE' },
      },
    ]);
    expect(gateway.events.filter(({ event }) => event === 'defect')).toEqual([]);
  });
});

describe('fields with errors', () => {
  const query = (more: string) => `query ($ids: [ID!]!) {
    conferences(tempConferenceIds: $ids) { ${aliases(10, 'startTime')} }
    conference(tempConferenceId: "1") { eventId ${more} }
  }`;
  const variables = { ids: Array.from({ length: 100 }, (_, at) => String(at + 1)) };

  it('are served up to 1,000; with more errors the operation is refused', async () => {
    const reply = await gateway.ask(query(''), { variables });
    expect(codesOf(reply)).toEqual(Array.from({ length: 1000 }, () => 'UPSTREAM_INVALID_FIELD'));
    expect(await gateway.ask(query('startTime'), { variables })).toMatchObject({
      status: 200,
      data: null,
      errors: [
        {
          message: 'The answer would have more than 1000 errors.',
          extensions: { code: 'ANSWER_TOO_LARGE' },
        },
      ],
    });
  });
});
