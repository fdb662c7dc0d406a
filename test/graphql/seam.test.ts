import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { domains } from '../../src/gateway/domains.ts';
import { participants } from '../fixtures/participants/participants.ts';
import { codesOf, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { startTestUpstream, type TestUpstream } from '../support/upstream.ts';

const both = [...domains, participants];
const endpointPath = '/confopenapi/admin/dashboard/conference/participants';

/** The participants in the upstream's answer. JSON text, so that numbers keep their digits. */
let people: (id: string) => string = () => '[]';

let upstream: TestUpstream;
let gateway: TestGateway;
beforeAll(async () => {
  upstream = await startTestUpstream(({ path, id, token }, response) => {
    const repeated = `"tempConferenceId":${JSON.stringify(id)}`;
    const result =
      path === endpointPath
        ? `{${repeated},"closed":false,"participants":${people(id)}}`
        : `{"title":"${token}"}`;
    response.end(
      id === 'gone' ? '{"status":5,"msg":"no such conference"}' : `{"status":0,"result":${result}}`,
    );
  });
  gateway = await startTestGateway(
    { UPSTREAM_URL: upstream.url, MAX_DOCUMENT_TOKENS: '2000', MAX_ANSWER_BYTES: '1000000' },
    { domains: both },
  );
});
afterAll(async () => {
  await gateway.close();
  await upstream[Symbol.asyncDispose]();
});

/** Asks for all fields of one conference's participants. */
const askFor = (id: string) =>
  gateway.ask(
    `{ participants(tempConferenceId: "${id}") {
      tempConferenceId participants { user { id } name connections { id joinedAt } }
    } }`,
  );

const drift = (event: 'drift' | 'driftSeen', from: number) =>
  gateway.events.slice(from).flatMap((one) => (one.event === event ? [`${one.kind} ${one.field}`] : []));

describe('a second endpoint, handed to the composition root', () => {
  it('is called over HTTP beside the first, each at its own path', async () => {
    people = () => '[{"nickname":"Anna"}]';
    const before = upstream.received.length;
    const reply = await gateway.ask(
      '{ participants(tempConferenceId: "1") { participants { name } } conference(tempConferenceId: "1") { title } }',
    );
    expect(reply).toMatchObject({
      data: { participants: { participants: [{ name: 'Anna' }] }, conference: { title: 'test-token' } },
    });
    expect(upstream.received.slice(before).map(({ path }) => path)).toEqual([
      endpointPath,
      '/confopenapi/admin/dashboard/conference/info',
    ]);
  });

  it('needs a credential', async () => {
    const query = '{ participants(tempConferenceId: "1") { tempConferenceId } }';
    expect(codesOf(await gateway.ask(query, { token: null }))).toEqual(['UNAUTHENTICATED']);
  });

  it('has its IDs, answers and fields checked', async () => {
    people = () => '"many"';
    const list = (id: string) => `participants(tempConferenceId: "${id}") { participants { name } }`;
    const reply = await gateway.ask(`{ a: ${list(' ')} b: ${list('gone')} c: ${list('broken')} }`);
    expect(reply.data).toEqual({ a: null, b: null, c: { participants: null } });
    expect(new Set(codesOf(reply))).toEqual(
      new Set(['BAD_USER_INPUT', 'UPSTREAM_REJECTED', 'UPSTREAM_INVALID_FIELD']),
    );
  });

  it('is an entity, at its place among others', async () => {
    people = () => '[]';
    const reply = await gateway.ask(
      `query ($r: [_Any!]!) {
        _entities(representations: $r) {
          __typename ... on ConferenceParticipants { tempConferenceId } ... on Conference { title }
        }
      }`,
      {
        variables: {
          r: [
            { __typename: 'ConferenceParticipants', tempConferenceId: '2' },
            { __typename: 'Conference', tempConferenceId: '1' },
            { __typename: 'ConferenceParticipants', tempConferenceId: {} },
          ],
        },
      },
    );
    expect(reply.data).toEqual({
      _entities: [
        { __typename: 'ConferenceParticipants', tempConferenceId: '2' },
        { __typename: 'Conference', title: 'test-token' },
        null,
      ],
    });
    expect(reply.errors).toMatchObject([{ path: ['_entities', 2], extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it('shares the limit on calls with the first, before either makes a call', async () => {
    const before = upstream.received.length;
    const half = Array.from({ length: 51 }, (_, at) => at);
    const fields = half.map(
      (n) =>
        `p${n}: participants(tempConferenceId: "${n}") { tempConferenceId } c${n}: conference(tempConferenceId: "${n}") { title }`,
    );
    const reply = await gateway.ask(`{ ${fields.join(' ')} }`);
    expect(reply.data).toBeNull();
    expect(codesOf(reply)).toEqual(['TOO_MANY_UPSTREAM_CALLS']);
    expect(upstream.received.length).toBe(before);
  });

  it('gives each caller its own answer', async () => {
    const titles = await Promise.all(
      ['anna', 'ben'].map(
        async (token) =>
          (await gateway.ask('{ conference(tempConferenceId: "1") { title } }', { token })).data,
      ),
    );
    expect(titles).toEqual([{ conference: { title: 'anna' } }, { conference: { title: 'ben' } }]);
  });
});

describe('a list inside its record', () => {
  it('gives 64-bit integers to the digit, in a list of a list too', async () => {
    people = () =>
      '[{"userId":9223372036854775807,"connections":[{"connectionId":1},{"connectionId":9007199254740993}]},{"userId":1}]';
    expect(await askFor('1')).toMatchObject({
      errors: [],
      data: {
        participants: {
          participants: [
            { user: { id: '9223372036854775807' }, connections: [{ id: '1' }, { id: '9007199254740993' }] },
            { user: { id: '1' }, connections: null },
          ],
        },
      },
    });
  });

  it('makes a number beyond 2^53 in place of a text an error of that field, and serves the rest', async () => {
    people = () => '[{"nickname":9007199254740993},{"nickname":"Ben"}]';
    const reply = await askFor('1');
    expect(reply.data).toMatchObject({ participants: { participants: [{ name: null }, { name: 'Ben' }] } });
    expect(reply.errors).toMatchObject([
      {
        path: ['participants', 'participants', 0, 'name'],
        extensions: { code: 'UPSTREAM_INVALID_FIELD' },
      },
    ]);
  });

  it('counts once per item for the size of the answer, although the request selects it once', async () => {
    const manyOf = (count: number) => `[${Array(count).fill('{}').join()}]`;
    people = () => manyOf(1000);
    expect((await askFor('1')).errors).toEqual([]);
    // A valid document with only one call, but 1,000 items under 60 aliases.
    const aliases = Array.from({ length: 60 }, (_, at) => `a${at}: name`).join(' ');
    const reply = await gateway.ask(
      `{ participants(tempConferenceId: "1") { participants { ${aliases} } } }`,
    );
    expect(reply.data).toBeNull();
    expect(codesOf(reply)).toEqual(['ANSWER_TOO_LARGE']);
  });

  it('is reported as drift once per record, by the path of the field, however many items show it', async () => {
    const from = gateway.events.length;
    const connection = '{"connectionId":"x","joinTime":1715600000,"duration":60,"band":5}';
    const person = `{"userId":1,"nickname":"Anna","connections":[${connection},${connection}]}`;
    people = () => `[${person},${person},${person}]`;
    await askFor('1');
    await askFor('2');
    const expected = [
      'other-type participants.connections.connectionId',
      'new participants.connections.band',
    ];
    expect(drift('drift', from)).toEqual(expected);
    expect(drift('driftSeen', from)).toEqual([
      'other-type participants.connections.connectionId',
      'new undefined',
      'other-type participants.connections.connectionId',
      'new undefined',
    ]);
  });
});

describe('the simulator', () => {
  it('answers at the path of a second domain that defines its answers, also inside the gateway', async () => {
    await using simulated = await startTestGateway({}, { domains: both });
    const ask = (id: string) =>
      simulated.ask(
        `{ participants(tempConferenceId: "${id}") { participants { user { id } connections { id joinedAt } } }
           conference(tempConferenceId: "56039682") { status } }`,
        { token: 'dev-token' },
      );
    expect(await ask('56039682')).toMatchObject({
      errors: [],
      data: {
        participants: {
          participants: [
            { user: { id: '10001' }, connections: [{ id: '1', joinedAt: '2024-05-13T11:33:20Z' }] },
            { user: { id: '9223372036854775807' }, connections: [{ id: '2' }, { id: '9007199254740993' }] },
            { user: null, connections: [] },
          ],
        },
        conference: { status: 'IN_PROGRESS' },
      },
    });
    expect(codesOf(await ask('7'))).toEqual(['UPSTREAM_REJECTED']);
  });
});
