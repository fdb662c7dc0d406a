import { Kind } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { domains } from '../../src/gateway/domains.ts';
import { readTypeDefs } from '../../src/graphql/schema/schema.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { record, startTestUpstream, type TestUpstream } from '../support/upstream.ts';

let upstream: TestUpstream;
let production: TestGateway;
let development: TestGateway;
beforeAll(async () => {
  upstream = await startTestUpstream(record());
  production = await startTestGateway({
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    UPSTREAM_URL: upstream.url,
  });
  development = await startTestGateway({ UPSTREAM_URL: upstream.url });
});
afterAll(async () => {
  await production.close();
  await development.close();
  await upstream[Symbol.asyncDispose]();
});

// All names in the schema: types, fields, arguments, values, and what federation adds.
const names = new Set(['_service', '_entities', '_Any', '_Entity', 'sdl', 'representations']);
JSON.stringify(readTypeDefs(domains), (_key, value: { kind?: string; value?: unknown } | null) => {
  if (value?.kind === Kind.NAME && typeof value.value === 'string') names.add(value.value);
  return value;
});
const conference = (selection: string) => `{ conference(tempConferenceId: "1") { ${selection} } }`;

const guesses = [
  '{ conferenc }',
  '{ conference }',
  '{ conferences { title } }',
  '{ conference(tempConferenceId: "1") }',
  '{ conference(tempConfId: "1") { title } }',
  '{ conference(tempConferenceId: null) { title } }',
  '{ conference(tempConferenceId: {}) { title } }',
  '{ conference(tempConferenceId: 1.5) { title } }',
  'query ($id: String) { conference(tempConferenceId: $id) { title } }',
  'query ($id: Conferenc) { conference(tempConferenceId: $id) { title } }',
  'query ($id: Conference) { conference(tempConferenceId: $id) { title } }',
  conference('titel'),
  conference('passwor'),
  conference('host'),
  conference('host { nam }'),
  conference('title { x }'),
  conference('status { x }'),
  conference('counters { attendee }'),
  conference('... on Host { x }'),
  conference('... on ConferenceHost { x }'),
  conference('...F'),
  conference('title @skp(if: true)'),
  conference('title @skip'),
  '{ _servic { sdl } }',
  '{ _service }',
  '{ _service { sd } }',
  '{ _entities }',
  '{ _entities(representations: [{__typename: "Conferenc"}]) { __typename } }',
  '{ _entities(representations: [{__typename: "Conference"}]) { ... on Conferenc { title } } }',
  '{ __schema { queryType { name } } }',
  '{ __type(name: "Conference") { fields { name } } }',
  'mutation { conference }',
  'subscription { conferenc }',
  'fragment F on Query { conference } { ...F }',
  '{ a',
  'type Conference { a: Int }',
];

describe('a guess in production', () => {
  it.each(guesses)(
    '%s is answered without any name of the schema that is not in the query',
    async (guess) => {
      const reply = await production.ask(guess);
      expect(reply.errors.length).toBeGreaterThan(0);
      const said =
        reply.errors
          .map(({ message }) => message)
          .join(' ')
          .match(/\w+/g) ?? [];
      const brought = new Set(guess.match(/\w+/g));
      expect(said.filter((word) => names.has(word) && !brought.has(word))).toEqual([]);
      expect(reply.errors.map(({ message }) => message).join()).not.toMatch(/did you mean/i);
    },
  );

  it('that fails validation gets always the same sentence, and a location', async () => {
    const replies = await Promise.all(
      ['{ conferenc }', '{ __schema { x } }', '{ _service { sdl } }'].map((guess) => production.ask(guess)),
    );
    for (const { errors } of replies) {
      expect(errors).toEqual([
        {
          message: 'The document does not fit the schema.',
          locations: [{ line: 1, column: 3 }],
          extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
        },
      ]);
    }
  });
});

describe('a mistake in development', () => {
  it('is explained, with a suggestion', async () => {
    const { errors } = await development.ask('{ conferenc }');
    expect(errors[0]?.message).toMatch(/Did you mean "conference"/);
  });

  it.each([
    { what: 'a token of 100,000 characters', document: `{__typename} ${'x'.repeat(100_000)}` },
    { what: '200 unknown fields of 500 characters', document: `{${`${'x'.repeat(500)} `.repeat(200)}}` },
    {
      what: 'a string beyond ASCII',
      document: `{conference(tempConferenceId: {a: "${'会'.repeat(30_000)}"}) {title}}`,
    },
    { what: '200 variables of one name', document: `query(${'$v:ID '.repeat(200)}) {__typename}` },
  ])('is explained in at most 2 kB: $what', async ({ document }) => {
    const { errors } = await development.ask(document);
    expect(errors.length).toBeGreaterThan(0);
    expect(Buffer.byteLength(JSON.stringify({ errors }))).toBeLessThanOrEqual(2048);
  });
});
