import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LiveScene, startLiveScene } from '../support/live-scene.ts';
import { openAcknowledged, openPeer, type Peer, type PeerOptions } from '../support/socket.ts';
import { text } from '../support/upstream.ts';

let scene: LiveScene;
beforeEach(async () => {
  scene = await startLiveScene();
});
afterEach(() => scene[Symbol.asyncDispose]());

const query = '{ conference(tempConferenceId: "1") { title } }';
const unauthenticated = text('{}', 401);

/** Sends a query on a new socket. */
async function ask(payload: object | undefined, options: PeerOptions = {}): Promise<Peer> {
  const peer = await openAcknowledged(scene.gateway.url, payload, options);
  peer.subscribe('1', query);
  await peer.next('complete');
  return peer;
}

const codesOf = ({ messages }: Peer) =>
  messages
    .filter(({ type }) => type === 'next')
    .flatMap(({ payload }) => (payload as { errors?: { extensions: { code: string } }[] }).errors ?? [])
    .map(({ extensions }) => extensions.code);

describe('a credential', () => {
  it.each<{ what: string; payload?: object; options?: PeerOptions }>([
    { what: 'token in the connection_init', payload: { token: 'anna' } },
    { what: 'Authorization in the connection_init', payload: { Authorization: 'Bearer anna' } },
    { what: 'authorization in the connection_init', payload: { authorization: 'bearer anna' } },
    { what: 'the head of the upgrade', options: { headers: { token: 'anna' } } },
    {
      what: 'both, where they are equal',
      payload: { token: 'anna' },
      options: { headers: { authorization: 'Bearer anna' } },
    },
    {
      what: 'one, beside others that say nothing',
      payload: { token: 'anna', authorization: null, Authorization: '' },
    },
  ])('is taken from $what', async ({ payload, options }) => {
    const peer = await ask(payload, options);
    expect(codesOf(peer)).toEqual([]);
    expect(scene.upstream.received.map(({ token }) => token)).toEqual(['anna']);
    peer.socket.terminate();
  });

  it.each<{ what: string; payload?: object; options?: PeerOptions }>([
    { what: 'is given' },
    { what: 'is usable', payload: { token: 'two words' } },
    { what: 'is a text', payload: { token: 7 } },
    { what: 'is of a scheme that is known', payload: { Authorization: 'Basic anna' } },
    {
      what: 'is alone: two in the connection_init differ',
      payload: { token: 'anna', Authorization: 'Bearer bob' },
    },
    {
      what: 'is alone: that of the upgrade and that of the connection_init differ',
      payload: { token: 'anna' },
      options: { headers: { token: 'bob' } },
    },
    {
      what: 'is alone: beside that of the upgrade there is one that is no text',
      payload: { token: ['anna'] },
      options: { headers: { token: 'anna' } },
    },
    {
      what: 'is alone: beside that of the upgrade there is an Authorization that is no text',
      payload: { Authorization: ['Bearer anna'] },
      options: { headers: { token: 'anna' } },
    },
  ])('is none, and nothing is called, where none $what', async ({ payload, options }) => {
    const peer = await ask(payload, options);
    expect(codesOf(peer)).toEqual(['UNAUTHENTICATED']);
    expect(scene.upstream.received).toEqual([]);
    peer.socket.terminate();
  });

  it('is not shared between the sockets of two callers that ask at the same time', async () => {
    const asked = Array.from({ length: 40 }, async (_, at) => {
      const token = `caller-${at}`;
      const peer = await openAcknowledged(scene.gateway.url, { token });
      peer.subscribe('1', `subscription ${query}`);
      expect((await peer.next('next')).payload).toEqual({ data: { conference: { title: token } } });
      return peer;
    });
    scene.set('1', (received, response) =>
      text(
        JSON.stringify({
          status: 0,
          msg: '',
          result: { tempConferenceId: '1', title: received.token, status: 2 },
        }),
      )(received, response),
    );
    for (const peer of await Promise.all(asked)) peer.socket.terminate();
  });
});

describe('a credential that the upstream refuses', () => {
  it('at its first call ends the operation, and the socket stays', async () => {
    scene.set('1', unauthenticated);
    const peer = await ask({ token: 'old' });
    expect(codesOf(peer)).toEqual(['UNAUTHENTICATED']);
    peer.subscribe('2', `subscription ${query}`);
    await peer.next('complete', '2');
    expect(codesOf(peer)).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED']);
    peer.send({ type: 'ping' });
    await peer.next('pong');
    peer.socket.terminate();
  });

  it('after answers that needed no call ends the operation: it has not worked yet', async () => {
    scene.set('1', unauthenticated);
    const peer = await openAcknowledged(scene.gateway.url, { token: 'old' });
    peer.subscribe('1', '{ __typename }');
    await peer.next('complete', '1');
    peer.subscribe('2', query);
    await peer.next('complete', '2');
    expect(codesOf(peer)).toEqual(['UNAUTHENTICATED']);
    peer.socket.terminate();
  });

  it('after it has worked closes the socket with 4403 and leaves the query open', async () => {
    const peer = await ask({ token: 'anna' });
    scene.set('1', unauthenticated);
    peer.subscribe('2', query);
    expect(await peer.closed).toBe(4403);
    expect(peer.messages.filter(({ id }) => id === '2')).toEqual([]);
    await scene.settle();
    expect(scene.gateway.events.at(-1)).toMatchObject({ event: 'socketClosed', reason: 'credential' });
  });

  it('after it has worked closes the socket with 4403 and leaves all streams open', async () => {
    const peer = await openAcknowledged(scene.gateway.url, { Authorization: 'Bearer anna' });
    peer.subscribe('1', `subscription ${query}`);
    peer.subscribe('other', `subscription ${query.replace('"1"', '"2"')}`);
    await peer.next('next', '1');
    await peer.next('next', 'other');
    scene.set('1', unauthenticated);
    await scene.poll();
    expect(await peer.closed).toBe(4403);
    expect(peer.messages.filter(({ type }) => type === 'complete' || type === 'error')).toEqual([]);
    expect(scene.gateway.events.filter(({ event }) => event === 'streamEnded')).toMatchObject([
      { reason: 'credential' },
      { reason: 'credential' },
    ]);
  });

  it('ends only the operation if it came with the upgrade, because the client would send the same again', async () => {
    const peer = await ask(undefined, { headers: { token: 'anna' } });
    scene.set('1', unauthenticated);
    peer.subscribe('2', query);
    await peer.next('complete', '2');
    expect(codesOf(peer)).toEqual(['UNAUTHENTICATED']);
    peer.socket.terminate();
  });
});

describe('a page of another origin', () => {
  it('cannot use a token that it does not know, because cookies are no credential', async () => {
    const peer = await openPeer(scene.gateway.url, { headers: { cookie: 'token=anna' } });
    peer.send({ type: 'connection_init' });
    peer.subscribe('1', query);
    await peer.next('complete');
    expect(codesOf(peer)).toEqual(['UNAUTHENTICATED']);
    peer.socket.terminate();
  });
});
