import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LiveScene, startLiveScene } from '../support/live-scene.ts';
import { openAcknowledged, openPeer, type Peer, refusedUpgrade } from '../support/socket.ts';
import { record } from '../support/upstream.ts';

let scene: LiveScene;
let peer: Peer;
const start = async (env: Readonly<Record<string, string>> = {}) => {
  scene = await startLiveScene(env);
  peer = await openAcknowledged(scene.gateway.url, { token: 'anna' });
};
beforeEach(() => vi.spyOn(Math, 'random').mockReturnValue(0.5));
afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  peer.socket.terminate();
  await scene[Symbol.asyncDispose]();
});

const query = '{ conference(tempConferenceId: "1") { title } }';
const ends = () => scene.gateway.events.filter(({ event }) => /streamEnded|socketClosed/.test(event));
const settled = () => vi.waitFor(() => expect(ends().at(-1)).toMatchObject({ event: 'socketClosed' }));

describe('a shutdown', () => {
  it('closes each socket with 1001, without a complete for any stream', async () => {
    await start();
    const idle = await openAcknowledged(scene.gateway.url);
    const silent = await openPeer(scene.gateway.url);
    peer.subscribe('1', `subscription ${query}`);
    peer.subscribe('2', `subscription ${query}`);
    await peer.next('next', '2');
    const closing = scene.gateway.close();
    await vi.waitFor(() => expect(scene.clock.timers).toBeGreaterThan(0));
    scene.clock.advance(10);
    expect(await Promise.all([peer, idle, silent].map(({ closed }) => closed))).toEqual([1001, 1001, 1001]);
    await closing;
    expect(peer.messages.filter(({ type }) => type === 'complete' || type === 'error')).toEqual([]);
    expect(ends().map((event) => 'reason' in event && event.reason)).toEqual(Array(5).fill('shutdown'));
    expect(scene.gateway.events.filter(({ event }) => event === 'cut')).toEqual([]);
  });

  it('in production closes them at random moments over half of DRAIN_TIMEOUT_MS', async () => {
    await start({
      NODE_ENV: 'production',
      DRAIN_TIMEOUT_MS: '20000',
      LIVE_MAX_AGE_MS: '86400000',
    });
    const others = await Promise.all(Array.from({ length: 9 }, () => openAcknowledged(scene.gateway.url)));
    const moments = [0.5, 0.1, 0.9, 0.2, 0.8, 0.3, 0.7, 0.4, 0.6, 0.95];
    vi.spyOn(Math, 'random').mockImplementation(() => moments.pop() ?? 0.5);
    const all = [peer, ...others];
    const isOpen = () => all.filter(({ socket }) => socket.readyState === socket.OPEN).length;
    const closing = scene.gateway.close();
    await vi.waitFor(() => expect(moments).toEqual([]));
    scene.clock.advance(5050);
    await vi.waitFor(() => expect(isOpen()).toBe(5));
    scene.clock.advance(5000);
    expect(await Promise.all(all.map(({ closed }) => closed))).toEqual(all.map(() => 1001));
    await closing;
  });

  it('waits for a query in progress, and starts no other', async () => {
    await start();
    const held = Promise.withResolvers<() => void>();
    scene.set('1', (_received, response) =>
      held.resolve(() =>
        response.end(JSON.stringify({ status: 0, msg: '', result: { title: 'late', status: 2 } })),
      ),
    );
    peer.subscribe('1', query);
    const answer = await held.promise;
    const closing = scene.gateway.close();
    await vi.waitFor(() => expect(scene.clock.timers).toBeGreaterThan(0));
    scene.clock.advance(10);
    peer.subscribe('2', query);
    answer();
    expect((await peer.next('next')).payload).toEqual({ data: { conference: { title: 'late' } } });
    expect(await peer.closed).toBe(1001);
    expect(peer.messages.filter(({ id }) => id === '2')).toEqual([]);
    await closing;
  });
});

describe('a second after the listener has closed', () => {
  it('a connection without a request is destroyed; a WebSocket still gets its answer', async () => {
    // Only the periodic check is faked: sockets need the other timers.
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    await start({ DRAIN_TIMEOUT_MS: '10000' });
    const held = Promise.withResolvers<() => void>();
    scene.set('1', (received, response) =>
      held.resolve(() => record({ title: 'late', status: 2 })(received, response)),
    );
    peer.subscribe('1', query);
    const answer = await held.promise;
    const silent = connect(Number(scene.gateway.url.port), scene.gateway.url.hostname);
    await once(silent.resume(), 'connect');
    silent.write('GET /livez HTTP/1.1\r\n');
    await ponged(peer);
    const closing = scene.gateway.close();
    await vi.waitFor(() => expect(scene.clock.timers).toBeGreaterThan(0));
    scene.clock.advance(10);
    vi.advanceTimersByTime(1000);
    vi.useRealTimers();
    await new Promise((resolve) => silent.once('close', resolve));
    answer();
    expect((await peer.next('next')).payload).toEqual({ data: { conference: { title: 'late' } } });
    expect(await peer.closed).toBe(1001);
    await closing;
  });
});

describe('LIVE_MAX_AGE_MS', () => {
  it('closes a socket of this age with 1001, whether it has streams or not', async () => {
    await start({ LIVE_MAX_AGE_MS: '60000' });
    peer.subscribe('1', `subscription ${query}`);
    await peer.next('next');
    const idle = await openAcknowledged(scene.gateway.url);
    for (const each of [peer, idle]) await ponged(each);
    for (let passed = 0; passed < 60_000; passed += 10_000) {
      scene.clock.advance(10_000);
      await scene.settle();
    }
    expect(await Promise.all([peer.closed, idle.closed])).toEqual([1001, 1001]);
    await settled();
    expect(ends()).toMatchObject([
      { event: 'streamEnded', reason: 'age' },
      { event: 'socketClosed', reason: 'age' },
      { event: 'socketClosed', reason: 'age' },
    ]);
  });
});

const ponged = async (each: Peer) => {
  each.send({ type: 'ping' });
  await each.next('pong');
};

describe('a peer', () => {
  it('gets a ping every 12 s, and is disconnected after 30 s without a pong', async () => {
    await start();
    let pings = 0;
    peer.socket.on('ping', () => (pings += 1));
    scene.clock.advance(12_000);
    await vi.waitFor(() => expect(pings).toBe(1));
    await ponged(peer);
    // The library answers pings by itself; this peer must not.
    const deaf = await openAcknowledged(scene.gateway.url, { token: 'bob' }, { autoPong: false });
    deaf.subscribe('1', `subscription ${query}`);
    await deaf.next('next');
    for (let passed = 0; passed < 32_000; passed += 4000) {
      expect(deaf.socket.readyState).toBe(deaf.socket.OPEN);
      scene.clock.advance(4000);
      await ponged(peer);
    }
    expect(await deaf.closed).toBe(1006);
    await settled();
    expect(ends()).toMatchObject([
      { event: 'streamEnded', reason: 'client_left' },
      { event: 'socketClosed', reason: 'client_left' },
    ]);
    expect(peer.socket.readyState).toBe(peer.socket.OPEN);
  });

  it('that leaves ends its streams and polls, and leaves no timer behind', async () => {
    await start();
    const before = scene.clock.timers;
    const other = await openAcknowledged(scene.gateway.url, { token: 'bob' });
    other.subscribe('1', `subscription ${query}`);
    other.subscribe('2', `subscription ${query}`);
    await other.next('next', '2');
    await scene.settle();
    other.socket.terminate();
    await settled();
    await vi.waitFor(() => expect(scene.clock.timers).toBe(before));
    expect(ends()).toMatchObject([
      { reason: 'client_left' },
      { reason: 'client_left' },
      { event: 'socketClosed', reason: 'client_left', operations: 2 },
    ]);
  });

  it('beyond LIVE_MAX_STREAMS open sockets is refused with 503 until one closes', async () => {
    await start({ LIVE_MAX_STREAMS: '2' });
    const second = await openPeer(scene.gateway.url);
    expect(await refusedUpgrade(scene.gateway.url)).toBe(503);
    expect(scene.gateway.events.at(-1)).toMatchObject({ httpStatus: 503, codes: ['TOO_MANY_WATCHED'] });
    second.socket.terminate();
    await vi.waitFor(async () => (await openPeer(scene.gateway.url)).socket.terminate());
  });
});
