import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GatewayEvent } from '../../src/observe/events.ts';
import { watch } from '../support/event-stream.ts';
import { type LiveScene, startLiveScene } from '../support/live-scene.ts';
import { record, type Respond, text } from '../support/upstream.ts';

let scene: LiveScene;
beforeEach(async () => {
  scene = await startLiveScene({
    UPSTREAM_STATUS_CODES: '50013=NOT_FOUND',
    UPSTREAM_TIMEOUT_MS: '1000',
    MAX_UPSTREAM_CALLS: '3',
  });
});
afterEach(() => scene[Symbol.asyncDispose]());

const conference = (id: string) =>
  `subscription Watch { conference(tempConferenceId: "${id}") { title status } }`;
const running = { title: 'x', status: 2 };
const ended = { title: 'x', status: 4 };

const types = (events: readonly { readonly type: string }[]) => events.map(({ type }) => type);
const codesOf = (
  event:
    | { readonly data: { readonly errors?: readonly { readonly extensions: object }[] } | undefined }
    | undefined,
) => event?.data?.errors?.map(({ extensions }) => ('code' in extensions ? extensions.code : undefined));
const endedAs = (events: readonly GatewayEvent[]) =>
  events.flatMap((event) => (event.event === 'streamEnded' ? [event.reason] : []));

describe('a stream of one conference', () => {
  it('completes one poll after the event with the end', async () => {
    scene.set('1', running);
    await using viewer = await watch(scene.gateway.url, conference('1'));
    await viewer.waitFor(1);
    scene.set('1', ended);
    await scene.poll();
    expect(types(viewer.events)).toEqual(['next', 'next']);
    await scene.poll();
    await viewer.end();
    expect(types(viewer.events)).toEqual(['next', 'next', 'complete']);
    expect(endedAs(scene.gateway.events)).toEqual(['finished']);
    expect(scene.gateway.events).toContainEqual(
      expect.objectContaining({ event: 'streamEnded', operationName: 'Watch', transport: 'sse', sent: 2 }),
    );
  });

  it('sends a late correction before it completes, and goes on if the conference has not ended after all', async () => {
    scene.set('1', ended);
    await using viewer = await watch(scene.gateway.url, conference('1'));
    await viewer.waitFor(1);
    scene.set('1', running);
    await scene.poll();
    scene.set('1', ended);
    await scene.poll();
    scene.set('1', { title: 'corrected', status: 4 });
    await scene.poll();
    await viewer.end();
    expect(viewer.data.at(-1)).toEqual({ conference: { title: 'corrected', status: 'ENDED' } });
    expect(types(viewer.events)).toEqual(['next', 'next', 'next', 'next', 'complete']);
  });

  it.each([
    { code: 'UNAUTHENTICATED', answer: text('', 401), reason: 'credential' },
    { code: 'FORBIDDEN', answer: text('', 403), reason: 'refused' },
    { code: 'NOT_FOUND', answer: text('{"status":50013}'), reason: 'refused' },
  ])('ends with $code, at once or later', async ({ code, answer, reason }) => {
    scene.set('bad', answer);
    await using atOnce = await watch(scene.gateway.url, conference('bad'));
    await atOnce.end();
    expect(types(atOnce.events)).toEqual(['next', 'complete']);
    expect(codesOf(atOnce.events[0])).toEqual([code]);

    await using later = await watch(scene.gateway.url, conference('1'));
    await later.waitFor(1);
    scene.set('1', answer);
    await scene.poll();
    await later.end();
    expect(types(later.events)).toEqual(['next', 'next', 'complete']);
    expect(codesOf(later.events[1])).toEqual([code]);
    expect(endedAs(scene.gateway.events)).toEqual([reason, reason]);
  });

  it('ends with UNAUTHENTICATED without a credential, and makes no call', async () => {
    await using viewer = await watch(scene.gateway.url, conference('1'), { token: null });
    await viewer.end();
    expect(viewer.response.status).toBe(200);
    expect(types(viewer.events)).toEqual(['next', 'complete']);
    expect(codesOf(viewer.events[0])).toEqual(['UNAUTHENTICATED']);
    expect(scene.upstream.received).toEqual([]);
  });

  it.each([
    { what: 'an ID that cannot be', query: conference(''), variables: {}, code: 'BAD_USER_INPUT' },
    {
      what: 'a variable of another type',
      query: 'subscription ($id: ID!) { conference(tempConferenceId: $id) { title } }',
      variables: { id: ['x', {}] },
      code: 'BAD_USER_INPUT',
    },
    {
      what: 'a root field that a variable may leave out',
      query:
        'subscription ($all: Boolean!) { conference(tempConferenceId: "1") @include(if: $all) { title } }',
      variables: { all: true },
      code: 'GRAPHQL_VALIDATION_FAILED',
    },
    {
      what: 'too many IDs',
      query: 'subscription { conferences(tempConferenceIds: ["1", "2", "3", "4"]) { title } }',
      variables: {},
      code: 'TOO_MANY_UPSTREAM_CALLS',
    },
  ])('ends with one event for $what, and makes no call', async ({ query, variables, code }) => {
    await using viewer = await watch(scene.gateway.url, query, { variables });
    await viewer.end();
    expect(types(viewer.events)).toEqual(['next', 'complete']);
    expect(codesOf(viewer.events[0])).toEqual([code]);
    expect(JSON.stringify(viewer.events)).not.toContain('"http"');
    expect(scene.upstream.received).toEqual([]);
    expect(scene.clock.timers).toBe(0);
  });

  it.each<{ code: string; answer: Respond }>([
    { code: 'UPSTREAM_UNAVAILABLE', answer: text('', 500) },
    { code: 'UPSTREAM_INVALID_RESPONSE', answer: text('<html>') },
    { code: 'UPSTREAM_REJECTED', answer: text('{"status":9,"msg":"no"}') },
  ])('goes on after $code, with one event when it begins', async ({ code, answer }) => {
    scene.set('1', running);
    await using viewer = await watch(scene.gateway.url, conference('1'));
    await viewer.waitFor(1);
    scene.set('1', answer);
    await scene.poll();
    await scene.pollLater();
    await scene.pollLater();
    expect(viewer.events.map(codesOf)).toEqual([undefined, [code]]);
    scene.set('1', running);
    await scene.pollLater();
    await viewer.waitFor(3);
    expect(viewer.data).toEqual([
      { conference: { title: 'x', status: 'IN_PROGRESS' } },
      { conference: null },
      { conference: { title: 'x', status: 'IN_PROGRESS' } },
    ]);
  });

  it('counts the bytes of each event separately, and ends if one is too large', async () => {
    await using small = await startLiveScene({ MAX_ANSWER_BYTES: '2000' });
    await using viewer = await watch(small.gateway.url, conference('1'));
    await viewer.waitFor(1);
    for (let change = 0; change < 6; change += 1) {
      small.set('1', { title: `${change}${'x'.repeat(1000)}`, status: 2 });
      await small.poll();
    }
    expect(viewer.events).toHaveLength(7);
    small.set('1', { title: 'x'.repeat(3000), status: 2 });
    await small.poll();
    await viewer.end();
    expect(types(viewer.events.slice(7))).toEqual(['next', 'complete']);
    expect(viewer.events[7]?.data).toMatchObject({
      data: null,
      errors: [{ extensions: { code: 'ANSWER_TOO_LARGE' } }],
    });
  });

  it('goes on after a time-out and after a record that is null', async () => {
    scene.set('1', text('{"status":0,"result":null}'));
    await using viewer = await watch(scene.gateway.url, conference('1'));
    await viewer.waitFor(1);
    scene.set('1', () => undefined);
    const before = scene.upstream.received.length;
    scene.clock.advance(2200);
    while (scene.upstream.received.length === before) await new Promise((resolve) => setImmediate(resolve));
    scene.clock.advance(1000);
    await viewer.waitFor(2);
    scene.set('1', running);
    await scene.pollLater();
    await viewer.waitFor(3);
    expect(viewer.events.map(codesOf)).toEqual([undefined, ['UPSTREAM_TIMEOUT'], undefined]);
    expect(viewer.data[0]).toEqual({ conference: null });
  });
});

describe('a stream of a list', () => {
  const list = (...ids: string[]) =>
    `subscription { conferences(tempConferenceIds: ${JSON.stringify(ids)}) { title status } }`;

  it('of no conferences has one event', async () => {
    await using viewer = await watch(scene.gateway.url, list());
    await viewer.end();
    expect(viewer.events).toEqual([
      { type: 'next', data: { data: { conferences: [] } } },
      { type: 'complete', data: undefined },
    ]);
    expect(endedAs(scene.gateway.events)).toEqual(['finished']);
  });

  it('goes on until all have ended; a refused conference counts as ended and is null in the list', async () => {
    scene.set('1', running);
    scene.set('2', text('', 403));
    await using viewer = await watch(scene.gateway.url, list('1', '2', ''));
    await viewer.waitFor(1);
    await scene.poll();
    scene.set('1', ended);
    await scene.poll();
    await scene.poll();
    await viewer.end();
    expect(types(viewer.events)).toEqual(['next', 'next', 'complete']);
    expect(viewer.data.at(-1)).toEqual({ conferences: [{ title: 'x', status: 'ENDED' }, null, null] });
    expect(codesOf(viewer.events[0])?.toSorted()).toEqual(['BAD_USER_INPUT', 'FORBIDDEN']);
    // The one that was refused is not asked again.
    expect(scene.upstream.received.filter(({ id }) => id === '2')).toHaveLength(1);
  });

  it('ends when the credential is refused', async () => {
    await using viewer = await watch(scene.gateway.url, list('1', '2'));
    await viewer.waitFor(1);
    scene.set('1', text('', 401));
    await scene.poll(2);
    await viewer.end();
    expect(types(viewer.events)).toEqual(['next', 'next', 'complete']);
    expect(codesOf(viewer.events[1])).toEqual(['UNAUTHENTICATED']);
    expect(endedAs(scene.gateway.events)).toEqual(['credential']);
  });

  it('sends the last change to all viewers, also if another one joins before the 250 ms are over', async () => {
    const open = () => watch(scene.gateway.url, list('1'));
    await using first = await open();
    await first.waitFor(1);
    scene.set('1', ended);
    await scene.poll();
    scene.set('1', { ...ended, title: 'corrected' });
    scene.clock.advance(2200);
    await vi.waitFor(() => expect(scene.upstream.received).toHaveLength(3));
    await scene.settle();
    await using second = await open();
    await Promise.all([first.end(), second.end()]);
    const last = { conferences: [{ title: 'corrected', status: 'ENDED' }] };
    expect([first.data.at(-1), second.data]).toEqual([last, [last]]);
    expect(endedAs(scene.gateway.events)).toEqual(['finished', 'finished']);
  });

  it('sends the changes within 250 ms as one event', async () => {
    await using viewer = await watch(scene.gateway.url, list('1', '2', '3'));
    await viewer.waitFor(1);
    for (const id of ['1', '2', '3']) scene.set(id, ended);
    scene.clock.advance(2200);
    while (scene.upstream.received.length < 6) await new Promise((resolve) => setImmediate(resolve));
    await scene.settle();
    expect(viewer.events).toHaveLength(1);
    scene.clock.advance(250);
    await viewer.waitFor(2);
    expect(viewer.data[1]).toEqual({
      conferences: ['1', '2', '3'].map(() => ({ title: 'x', status: 'ENDED' })),
    });
  });

  it('of 100 that change all the time has at most four events a second', async () => {
    await using busy = await startLiveScene();
    let changes = 0;
    const ids = Array.from({ length: 100 }, (_, at) => String(at));
    for (const id of ids)
      busy.set(id, (received, response) =>
        record({ title: String((changes += 1)), status: 2 })(received, response),
      );
    await using viewer = await watch(busy.gateway.url, list(...ids));
    await viewer.waitFor(1);
    for (let at = 0; at < 10_000; at += 50) {
      busy.clock.advance(50);
      await busy.settle();
    }
    expect(changes).toBeGreaterThan(300);
    expect(viewer.events.length).toBeGreaterThan(10);
    expect(viewer.events.length).toBeLessThanOrEqual(1 + 4 * 10);
  });
});
