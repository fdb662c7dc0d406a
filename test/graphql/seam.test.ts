import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { domains } from '../../src/gateway.ts';
import { room } from '../fixtures/room/room.ts';
import { codesOf, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { startTestUpstream, type TestUpstream } from '../support/upstream.ts';

let upstream: TestUpstream;
let gateway: TestGateway;
beforeAll(async () => {
  upstream = await startTestUpstream(({ path, id, token }, response) => {
    const result =
      path === '/rooms/info' ? { roomId: id, seats: id === 'broken' ? 'many' : 4 } : { title: token };
    response.end(JSON.stringify(id === 'gone' ? { status: 5, msg: 'no such room' } : { status: 0, result }));
  });
  gateway = await startTestGateway(
    { UPSTREAM_URL: upstream.url, MAX_DOCUMENT_TOKENS: '2000' },
    { domains: [...domains, room] },
  );
});
afterAll(async () => {
  await gateway.close();
  await upstream[Symbol.asyncDispose]();
});

describe('a second endpoint, handed to the composition root', () => {
  it('is asked over HTTP, beside the first, each at its own path', async () => {
    const before = upstream.received.length;
    const reply = await gateway.ask(
      '{ room(roomId: "r1") { roomId seats } conference(tempConferenceId: "1") { title } }',
    );
    expect(reply).toMatchObject({
      data: { room: { roomId: 'r1', seats: 4 }, conference: { title: 'test-token' } },
    });
    expect(upstream.received.slice(before).map(({ path }) => path)).toEqual([
      '/rooms/info',
      '/confopenapi/admin/dashboard/conference/info',
    ]);
  });

  it('needs a credential', async () => {
    expect(codesOf(await gateway.ask('{ room(roomId: "r1") { seats } }', { token: null }))).toEqual([
      'UNAUTHENTICATED',
    ]);
  });

  it('checks its IDs, its answers and its fields', async () => {
    const reply = await gateway.ask(
      '{ a: room(roomId: " ") { seats } b: room(roomId: "gone") { seats } c: room(roomId: "broken") { roomId seats } }',
    );
    expect(reply.data).toEqual({ a: null, b: null, c: { roomId: 'broken', seats: null } });
    expect(codesOf(reply)).toEqual(['BAD_USER_INPUT', 'UPSTREAM_INVALID_FIELD', 'UPSTREAM_REJECTED']);
  });

  it('is an entity, in its place among others', async () => {
    const reply = await gateway.ask(
      `query ($r: [_Any!]!) {
        _entities(representations: $r) { __typename ... on Room { seats } ... on Conference { title } }
      }`,
      {
        variables: {
          r: [
            { __typename: 'Room', roomId: 'r2' },
            { __typename: 'Conference', tempConferenceId: '1' },
            { __typename: 'Room', roomId: {} },
          ],
        },
      },
    );
    expect(reply.data).toEqual({
      _entities: [{ __typename: 'Room', seats: 4 }, { __typename: 'Conference', title: 'test-token' }, null],
    });
    expect(reply.errors).toMatchObject([{ path: ['_entities', 2], extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it('is counted together with the first before either calls', async () => {
    const before = upstream.received.length;
    const half = Array.from({ length: 51 }, (_, at) => at);
    const reply = await gateway.ask(
      `{ ${half.map((n) => `r${n}: room(roomId: "${n}") { seats } c${n}: conference(tempConferenceId: "${n}") { title }`).join(' ')} }`,
    );
    expect(reply.data).toBeNull();
    expect(codesOf(reply)).toEqual(['TOO_MANY_UPSTREAM_CALLS']);
    expect(upstream.received.length).toBe(before);
  });

  it('gives each caller their own answer', async () => {
    const titles = await Promise.all(
      ['anna', 'ben'].map(
        async (token) =>
          (await gateway.ask('{ conference(tempConferenceId: "1") { title } }', { token })).data,
      ),
    );
    expect(titles).toEqual([{ conference: { title: 'anna' } }, { conference: { title: 'ben' } }]);
  });
});
