import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LiveScene, startLiveScene } from '../support/live-scene.ts';
import { openAcknowledged, type Peer } from '../support/socket.ts';

let scene: LiveScene;
let peer: Peer;
beforeEach(async () => {
  scene = await startLiveScene();
  peer = await openAcknowledged(scene.gateway.url, { token: 'anna' });
});
afterEach(async () => {
  peer.socket.terminate();
  await scene[Symbol.asyncDispose]();
});

const title = '{ conference(tempConferenceId: "1") { title } }';
const titled = (name: string) => ({ data: { conference: { title: name } } });

describe('a query over a WebSocket', () => {
  it('is answered as over HTTP, by a plan or by Yoga, and completes', async () => {
    for (const id of ['first', 'second', 'third']) {
      peer.subscribe(id, title);
      expect((await peer.next('next', id)).payload).toEqual(titled('Conference 1'));
      await peer.next('complete', id);
    }
  });

  it('has its own log line, with the request ID of the upgrade and its number', async () => {
    const other = await openAcknowledged(
      scene.gateway.url,
      { token: 'anna' },
      { headers: { 'x-request-id': 'mine' } },
    );
    other.subscribe('a', `query Title ${title}`);
    await other.next('complete');
    other.subscribe('b', `query Title ${title}`);
    await other.next('complete');
    const lines = scene.gateway.events.filter(({ event }) => event === 'request');
    expect(lines).toMatchObject([
      { requestId: 'mine-1', operationName: 'Title', httpStatus: 200, upstreamCalls: 1 },
      { requestId: 'mine-2', operationName: 'Title', httpStatus: 200, upstreamCalls: 1 },
    ]);
    other.socket.terminate();
  });

  it('that does not fit the schema gets an error with the same code as over HTTP', async () => {
    peer.subscribe('1', '{ conferense }');
    expect((await peer.next('error')).payload).toMatchObject([
      { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ]);
    peer.subscribe('2', '{');
    expect((await peer.next('error')).payload).toMatchObject([
      { extensions: { code: 'GRAPHQL_PARSE_FAILED' } },
    ]);
    peer.subscribe('3', 'query A { __typename } query B { __typename }');
    expect((await peer.next('error')).payload).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }]);
    expect(peer.messages.filter(({ type }) => type === 'complete')).toEqual([]);
  });

  it('that needs too many calls gets one error, and no call is made', async () => {
    const ids = Array.from({ length: 101 }, (_, at) => `"${at}"`);
    peer.subscribe('1', `{ conferences(tempConferenceIds: [${ids.join()}]) { title } }`);
    expect((await peer.next('next')).payload).toMatchObject({
      data: null,
      errors: [{ extensions: { code: 'TOO_MANY_UPSTREAM_CALLS' } }],
    });
    await peer.next('complete');
    expect(scene.upstream.received).toEqual([]);
  });
});

describe('a subscription over a WebSocket', () => {
  it('sends the state, each change once, and completes when the conference has ended', async () => {
    peer.subscribe('1', `subscription ${title}`);
    expect((await peer.next('next')).payload).toEqual(titled('Conference 1'));
    await scene.poll();
    scene.set('1', { title: 'new', status: 2 });
    await scene.poll();
    expect((await peer.next('next')).payload).toEqual(titled('new'));
    scene.set('1', { title: 'new', status: 4 });
    await scene.poll();
    await scene.poll();
    await peer.next('complete');
    expect(peer.messages.filter(({ type }) => type === 'next')).toHaveLength(2);
    expect(scene.gateway.events.filter(({ event }) => event.startsWith('stream'))).toMatchObject([
      { event: 'streamBegan', transport: 'websocket' },
      { event: 'streamEnded', transport: 'websocket', reason: 'finished', sent: 2 },
    ]);
  });

  it('ends when its client completes it, and its polls end with it', async () => {
    peer.subscribe('1', `subscription ${title}`);
    await peer.next('next');
    peer.send({ id: '1', type: 'complete' });
    // The pong shows that the server has read the complete message.
    peer.send({ type: 'ping' });
    await peer.next('pong');
    const asked = scene.upstream.received.length;
    scene.clock.advance(20_000);
    await scene.settle();
    expect(scene.upstream.received).toHaveLength(asked);
    expect(scene.gateway.events.at(-1)).toMatchObject({ event: 'streamEnded', reason: 'client_left' });
    // The ID can be used again.
    peer.subscribe('1', title);
    await peer.next('complete', '1');
  });
});
