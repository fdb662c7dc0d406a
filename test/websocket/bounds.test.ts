import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { connectRaw, frame, message } from '../support/frames.ts';
import { type LiveScene, startLiveScene } from '../support/live-scene.ts';
import { openAcknowledged, type Peer } from '../support/socket.ts';
import { record } from '../support/upstream.ts';

let scene: LiveScene;
let peer: Peer;
const start = async (env: Readonly<Record<string, string>> = {}, payload: object = { token: 'anna' }) => {
  scene = await startLiveScene(env);
  peer = await openAcknowledged(scene.gateway.url, payload);
};
afterEach(async () => {
  peer.socket.terminate();
  await scene[Symbol.asyncDispose]();
});

const query = '{ conference(tempConferenceId: "1") { title } }';
const never = () => undefined;

describe('a socket', () => {
  it('runs at most 100 operations; another one is OVERLOADED until one ends', async () => {
    await start();
    for (let at = 0; at < 100; at += 1) peer.subscribe(`${at}`, `subscription ${query}`);
    for (let at = 0; at < 100; at += 1) await peer.next('next', `${at}`);
    peer.subscribe('more', query);
    expect((await peer.next('error', 'more')).payload).toMatchObject([
      { extensions: { code: 'OVERLOADED', retryable: true, retryAfterSeconds: 1 } },
    ]);
    peer.send({ id: '7', type: 'complete' });
    peer.subscribe('more', query);
    await peer.next('complete', 'more');
  });

  it('takes IDs of 128 characters, and closes with 4400 at a longer one', async () => {
    await start();
    peer.subscribe('x'.repeat(128), query);
    await peer.next('complete', 'x'.repeat(128));
    peer.subscribe('x'.repeat(129), query);
    expect(await peer.closed).toBe(4400);
  });

  it('accepts messages of MAX_REQUEST_BYTES, and closes with 1009 at a longer one', async () => {
    await start({ MAX_REQUEST_BYTES: '2000' });
    const padded = (length: number) =>
      JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }).padEnd(length, ' ');
    peer.send(padded(2000));
    await peer.next('complete');
    peer.send(padded(2001));
    expect(await peer.closed).toBe(1009);
  });

  it('closes with 1008 if a message is not complete after 10 s, whatever else arrives', async () => {
    await start();
    const socket = await connectRaw(scene.gateway.url);
    let closed = false;
    socket.once('close', () => (closed = true)).resume();
    socket.write(message({ type: 'connection_init' }));
    socket.write(frame('{', { fin: false }));
    for (let passed = 0; passed < 16_000; passed += 1000) {
      socket.write(frame(' ', { opcode: 0, fin: false }));
      socket.write(frame('', { opcode: 9 }));
      peer.send({ type: 'ping' });
      await peer.next('pong');
      scene.clock.advance(1000);
    }
    await vi.waitFor(() => expect(closed).toBe(true), { timeout: 5000 });
    expect(scene.gateway.events.at(-1)).toMatchObject({ event: 'socketClosed', reason: 'misuse' });
    // A socket that sends nothing for this time stays open.
    expect(peer.socket.readyState).toBe(peer.socket.OPEN);
  });

  it('is checked for such a message every 4 s: one that has taken exactly 10 s is too slow, 1 ms less is not', async () => {
    await start();
    const late = await openAcknowledged(scene.gateway.url);
    const pong = ({ socket }: Peer) => {
      socket.ping();
      return once(socket, 'pong');
    };
    const begin = async (one: Peer) => {
      one.socket.send('{', { fin: false });
      // Now the gateway has received the first part.
      await pong(one);
    };
    scene.clock.advance(2000);
    await begin(peer);
    scene.clock.advance(1);
    await begin(late);
    scene.clock.advance(9999);
    expect(await peer.closed).toBe(1008);
    await pong(late);
    scene.clock.advance(4000);
    expect(await late.closed).toBe(1008);
  });

  it('is read no further while its peer does not read the answers', async () => {
    await start({ UPSTREAM_MAX_BYTES: '1000000' });
    scene.set('1', { title: 'x'.repeat(200_000), status: 2 });
    const answered = () => scene.gateway.events.filter(({ event }) => event === 'request').length;
    const raw = await connectRaw(scene.gateway.url);
    raw.pause();
    raw.write(message({ type: 'connection_init', payload: { token: 'bob' } }));
    // 80 MB of answers in groups: more than the system takes for a peer that does not read.
    let asked = 0;
    for (let group = 0; group < 20; group += 1) {
      for (let nth = 0; nth < 20; nth += 1)
        raw.write(message({ id: `${(asked += 1)}`, type: 'subscribe', payload: { query } }));
      for (let turns = 0; answered() < asked && turns < 200; turns += 1) {
        await fetch(new URL('/livez', scene.gateway.url));
      }
      if (answered() < asked) break;
    }
    expect(answered()).toBeLessThan(asked);
    raw.resume();
    await vi.waitFor(() => expect(answered()).toBe(asked), { timeout: 10_000 });
    raw.destroy();
  });

  it('is destroyed as too slow if its peer reads nothing for 30 s, and holds at most one event until then', async () => {
    await start({ MAX_ANSWER_BYTES: '67108864', UPSTREAM_MAX_BYTES: '16777216' });
    const raw = await connectRaw(scene.gateway.url);
    raw.pause();
    raw.write(message({ type: 'connection_init', payload: { token: 'bob' } }));
    raw.write(message({ id: '1', type: 'subscribe', payload: { query: `subscription ${query}` } }));
    let size = 4_000_000;
    scene.set('1', (received, response) =>
      record({ title: 'x'.repeat((size += 1)), status: 2 })(received, response),
    );
    await vi.waitFor(() => expect(scene.gateway.events.map(({ event }) => event)).toContain('streamBegan'));
    for (let passed = 0; passed < 36_000; passed += 4000) {
      peer.send({ type: 'ping' });
      await peer.next('pong');
      scene.clock.advance(4000);
      await scene.settle();
    }
    await vi.waitFor(() =>
      expect(scene.gateway.events.at(-1)).toMatchObject({ event: 'socketClosed', reason: 'too_slow' }),
    );
    const ended = scene.gateway.events.find(({ event }) => event === 'streamEnded');
    expect(ended).toMatchObject({ reason: 'too_slow' });
    raw.destroy();
  });
});

describe('a query over a WebSocket', () => {
  it('takes a place among MAX_REQUESTS, and gives it back', async () => {
    await start({ MAX_REQUESTS: '2' });
    scene.set('held', never);
    for (const id of ['1', '2']) peer.subscribe(id, query.replace('"1"', '"held"'));
    await vi.waitFor(() => expect(scene.upstream.received.length).toBe(1));
    peer.subscribe('3', query);
    expect((await peer.next('error', '3')).payload).toMatchObject([{ extensions: { code: 'OVERLOADED' } }]);
    expect((await scene.gateway.ask(query)).status).toBe(503);
    peer.send({ id: '1', type: 'complete' });
    peer.subscribe('4', query);
    await peer.next('complete', '4');
    // The operation that its client left has its event.
    expect(scene.gateway.events).toContainEqual(expect.objectContaining({ event: 'request', httpStatus: 0 }));
  });

  it('finds a place while streams are open', async () => {
    await start({ MAX_REQUESTS: '1' });
    for (const id of ['a', 'b', 'c']) {
      peer.subscribe(id, `subscription ${query}`);
      await peer.next('next', id);
    }
    peer.subscribe('1', query);
    await peer.next('complete', '1');
  });
});

describe('a stream over a WebSocket', () => {
  it('beyond LIVE_MAX_STREAMS gets a retryable error, never a complete', async () => {
    await start({ LIVE_MAX_STREAMS: '2' });
    peer.subscribe('1', `subscription ${query}`);
    peer.subscribe('2', `subscription ${query}`);
    await peer.next('next', '2');
    peer.subscribe('3', `subscription ${query}`);
    expect((await peer.next('error', '3')).payload).toMatchObject([
      { extensions: { code: 'TOO_MANY_WATCHED', retryable: true, retryAfterSeconds: 5 } },
    ]);
    expect(peer.messages.filter(({ type }) => type === 'complete')).toEqual([]);
  });

  it('that fails for good gets one result and complete', async () => {
    await start({ MAX_UPSTREAM_CALLS: '2' });
    peer.subscribe('1', 'subscription { conferences(tempConferenceIds: ["1", "2", "3"]) { title } }');
    expect((await peer.next('next')).payload).toMatchObject({
      errors: [{ extensions: { code: 'TOO_MANY_UPSTREAM_CALLS' } }],
    });
    await peer.next('complete');
  });

  it('shares its polls and events with viewers of the same subscription on other sockets', async () => {
    await start();
    const others = await Promise.all(
      Array.from({ length: 5 }, async () => openAcknowledged(scene.gateway.url, { token: 'anna' })),
    );
    for (const each of [peer, ...others]) {
      each.subscribe('1', `subscription ${query}`);
      await each.next('next');
    }
    const asked = scene.upstream.received.length;
    scene.set('1', { title: 'new', status: 2 });
    await scene.poll();
    for (const each of [peer, ...others]) await each.next('next');
    expect(scene.upstream.received.length - asked).toBe(1);
    expect(scene.gateway.events.findLast(({ event }) => event === 'liveEvent')).toMatchObject({ viewers: 6 });
    for (const each of others) each.socket.terminate();
  });
});
