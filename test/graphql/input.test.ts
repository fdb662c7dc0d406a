import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codesOf, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { exchangeRaw } from '../support/raw.ts';
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

const byVariable = 'query ($id: ID!) { conference(tempConferenceId: $id) { tempConferenceId } }';
const entities =
  'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Conference { tempConferenceId } } }';

const badIds = [
  { what: 'empty', id: '' },
  { what: 'blank', id: ' \t ' },
  { what: 'blank beyond ASCII', id: '\u3000' },
  { what: 'too long', id: 'x'.repeat(129) },
  { what: 'much too long', id: 'x'.repeat(100_000) },
  { what: 'half a surrogate pair', id: 'a\ud800' },
  { what: 'a line break', id: 'a\nb' },
  { what: 'a NUL', id: 'a\0' },
  { what: 'a C1 control', id: 'a\u0085b' },
  { what: 'a fraction', id: 1.5 },
  { what: 'an object', id: { $ne: null } },
  { what: 'a list', id: ['1', '2'] },
  { what: 'a boolean', id: true },
  { what: 'null', id: null },
];

describe('an ID', () => {
  it.each(badIds)('that is $what is BAD_USER_INPUT in a variable, without a call', async ({ id }) => {
    const before = upstream.received.length;
    const reply = await gateway.ask(byVariable, { variables: { id } });
    expect(codesOf(reply)).toEqual(['BAD_USER_INPUT']);
    expect(upstream.received.length).toBe(before);
  });

  it.each(badIds)(
    'that is $what is BAD_USER_INPUT in a representation, and the other representations are served',
    async ({ id }) => {
      const r = ['1', id, '2'].map((tempConferenceId) => ({ __typename: 'Conference', tempConferenceId }));
      const reply = await gateway.ask(entities, { variables: { r } });
      expect(reply.data).toEqual({ _entities: [{ tempConferenceId: '1' }, null, { tempConferenceId: '2' }] });
      expect(reply.errors).toMatchObject([
        { path: ['_entities', 1], extensions: { code: 'BAD_USER_INPUT' } },
      ]);
    },
  );

  it.each([
    { what: '128 characters', id: 'x'.repeat(128), sent: 'x'.repeat(128) },
    { what: '128 characters beyond the basic plane', id: '😀'.repeat(128), sent: '😀'.repeat(128) },
    { what: 'Chinese', id: '会议', sent: '会议' },
    { what: 'a whole number', id: 56_039_682, sent: '56039682' },
    { what: 'full of quotes', id: '"},{"', sent: '"},{"' },
  ])('of $what is sent upstream unchanged', async ({ id, sent }) => {
    const reply = await gateway.ask(byVariable, { variables: { id } });
    expect(reply).toMatchObject({ data: { conference: { tempConferenceId: sent } }, errors: [] });
    expect(upstream.received.at(-1)?.id).toBe(sent);
  });

  it('that is a number beyond 2^53 is BAD_USER_INPUT, because it has lost digits', async () => {
    const body = JSON.stringify({ query: byVariable, variables: { id: 0 } }).replace(
      '"id":0',
      '"id":9007199254740993',
    );
    const answer = await exchangeRaw(
      gateway.url,
      `POST /graphql HTTP/1.1\r\nhost: g\r\nconnection: close\r\ntoken: t\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    expect(answer).toContain('"code":"BAD_USER_INPUT"');
  });
});

describe('a representation', () => {
  it.each([
    { __typename: 'Nobody', id: '1' },
    { __typename: 'User', id: '1' },
    { __typename: 'Query' },
    { __typename: '__proto__' },
    { __typename: 'ConferenceHost' },
    { __typename: 7 },
    { tempConferenceId: '1' },
    'Conference',
    7,
    [],
  ])(
    'that is not of an entity of this schema (%j) is BAD_USER_INPUT in its place, and not a defect',
    async (stranger) => {
      const r = [stranger, { __typename: 'Conference', tempConferenceId: '1' }];
      const reply = await gateway.ask(entities, { variables: { r } });
      expect(reply.data).toEqual({ _entities: [null, { tempConferenceId: '1' }] });
      expect(reply.errors).toMatchObject([
        { path: ['_entities', 0], extensions: { code: 'BAD_USER_INPUT' } },
      ]);
      expect(gateway.events.filter(({ event }) => event === 'defect')).toEqual([]);
    },
  );
});

describe('a variable', () => {
  it.each([
    { deep: 32, data: { _entities: [null] } },
    { deep: 33, data: undefined },
  ])('may be nested 32 deep: at $deep the answer has the data $data', async ({ deep, data }) => {
    // The list and the representation are two of the levels.
    const nested = JSON.parse(`${'{"a":'.repeat(deep - 2)}1${'}'.repeat(deep - 2)}`);
    const reply = await gateway.ask(entities, { variables: { r: [{ __typename: 'Nobody', nested }] } });
    expect(codesOf(reply)).toEqual(['BAD_USER_INPUT']);
    expect(reply.data).toEqual(data);
  });

  it.each([
    { what: 'missing', query: byVariable, variables: {} },
    { what: 'of a wrong type', query: byVariable, variables: { id: { secret: 'do-not-echo' } } },
    {
      what: 'nested too deeply',
      query: entities,
      variables: { r: [JSON.parse(`${'{"a":'.repeat(15_000)}1${'}'.repeat(15_000)}`)] },
    },
  ])('that is $what is BAD_USER_INPUT, and the error does not repeat it', async ({ query, variables }) => {
    const reply = await gateway.ask(query, { variables });
    expect(codesOf(reply)).toEqual(['BAD_USER_INPUT']);
    expect(JSON.stringify(reply.errors)).not.toContain('do-not-echo');
  });
});
