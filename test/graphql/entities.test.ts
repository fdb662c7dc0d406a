import { expect, it } from 'vitest';
import { codesOf, startTestGateway } from '../support/gateway.ts';
import { record, startTestUpstream } from '../support/upstream.ts';

const entities =
  'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Conference { tempConferenceId title } } }';
const representation = (tempConferenceId: string) => ({ __typename: 'Conference', tempConferenceId });

it('representations are resolved together: one call per conference, and results in the order of the request', async () => {
  const answers: (() => void)[] = [];
  // Answers only when all three calls have come, the last one first.
  await using upstream = await startTestUpstream((received, response) => {
    answers.unshift(() => record({ title: `title ${received.id}` })(received, response));
    if (answers.length === 3) for (const answer of answers) answer();
  });
  await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url });
  const reply = await gateway.ask(
    `query ($r: [_Any!]!) {
      conference(tempConferenceId: "2") { title }
      _entities(representations: $r) { ... on Conference { tempConferenceId title } }
    }`,
    { variables: { r: ['3', '1', '2', '1', '3'].map(representation) } },
  );
  expect(reply.data).toEqual({
    conference: { title: 'title 2' },
    _entities: ['3', '1', '2', '1', '3'].map((id) => ({ tempConferenceId: id, title: `title ${id}` })),
  });
  expect(upstream.received.map(({ id }) => id).toSorted()).toEqual(['1', '2', '3']);
});

it('a representation that cannot be resolved is an error in its place, with a code', async () => {
  await using upstream = await startTestUpstream((received, response) => {
    if (received.id === '2') response.end('{"status":20003,"msg":"archived"}');
    else record({ title: 'fine' })(received, response);
  });
  await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url });
  const reply = await gateway.ask(entities, { variables: { r: ['1', '2', '3'].map(representation) } });
  expect(reply.data).toMatchObject({ _entities: [{ title: 'fine' }, null, { title: 'fine' }] });
  expect(reply.errors).toMatchObject([
    { path: ['_entities', 1], message: 'archived', extensions: { code: 'UPSTREAM_REJECTED' } },
  ]);
});

it.each([
  { limit: 'the length of a body', env: {}, status: 413, code: 'BAD_REQUEST' },
  {
    limit: 'the calls of an operation',
    env: { MAX_REQUEST_BYTES: '2000000' },
    status: 200,
    code: 'TOO_MANY_UPSTREAM_CALLS',
  },
])(
  'ten thousand representations are refused before the first call, because of $limit',
  async ({ env, status, code }) => {
    await using upstream = await startTestUpstream(record());
    await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url, ...env });
    const r = Array.from({ length: 10_000 }, (_, at) => representation(String(at)));
    const reply = await gateway.ask(entities, { variables: { r } });
    expect(reply).toMatchObject({ status, data: code === 'BAD_REQUEST' ? undefined : null });
    expect(codesOf(reply)).toEqual([code]);
    expect(upstream.received).toEqual([]);
  },
);
