import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { watch } from '../support/event-stream.ts';
import { type LiveScene, startLiveScene } from '../support/live-scene.ts';
import { rawPost } from '../support/raw.ts';

let scene: LiveScene;
afterEach(() => scene[Symbol.asyncDispose]());

const single = (id: string) => `subscription { conference(tempConferenceId: "${id}") { title } }`;
const list = (from: number, count: number) =>
  `subscription { conferences(tempConferenceIds: ${JSON.stringify(
    Array.from({ length: count }, (_, at) => String(from + at)),
  )}) { title } }`;
const ends = () => scene.gateway.events.filter(({ event }) => event === 'streamEnded');
const begins = () => scene.gateway.events.filter(({ event }) => event === 'streamBegan');

async function openAndWait(query: string, token: string) {
  const viewer = await watch(scene.gateway.url, query, { token });
  await viewer.waitFor(1);
  return viewer;
}

async function refusalOf(query: string, token: string) {
  const { response } = await watch(scene.gateway.url, query, { token });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    retryAfter: response.headers.get('retry-after'),
  };
}

const refused = {
  status: 503,
  type: 'application/json; charset=utf-8',
  retryAfter: '5',
};

describe('a caller', () => {
  it('may have half of the pollers; others may have the rest; further ones are refused as JSON', async () => {
    scene = await startLiveScene({ LIVE_MAX_WATCHED: '4' });
    const anna = await openAndWait(list(1, 2), 'anna');
    expect(await refusalOf(single('9'), 'anna')).toEqual(refused);
    const ben = await openAndWait(list(1, 2), 'ben');
    expect(await refusalOf(single('9'), 'carl')).toEqual(refused);
    // A conference that is already polled needs no further poller.
    const again = await openAndWait(single('1'), 'anna');
    anna.leave();
    again.leave();
    while (ends().length < 4) await turn();
    const carl = await openAndWait(single('9'), 'carl');
    for (const viewer of [ben, carl]) viewer.leave();
    expect(ends().slice(0, 2)).toMatchObject([
      { reason: 'refused', sent: 0, codes: ['TOO_MANY_WATCHED'] },
      { reason: 'refused', sent: 0 },
    ]);
  });

  it('with more than MAX_UPSTREAM_CALLS pollers leaves the next free poller to a refused caller', async () => {
    scene = await startLiveScene({ LIVE_MAX_WATCHED: '4', MAX_UPSTREAM_CALLS: '1' });
    const anna = [await openAndWait(single('1'), 'anna'), await openAndWait(single('2'), 'anna')];
    const ben = [await openAndWait(single('1'), 'ben'), await openAndWait(single('2'), 'ben')];
    expect(await refusalOf(single('1'), 'carl')).toEqual(refused);
    anna[1]?.leave();
    while (ends().length < 2) await turn();
    expect(await refusalOf(single('3'), 'anna')).toEqual(refused);
    const carl = await openAndWait(single('1'), 'carl');
    for (const viewer of [...anna, ...ben, carl]) viewer.leave();
  });
});

describe('a refused subscription to a list', () => {
  it('leaves no poller', async () => {
    scene = await startLiveScene({ LIVE_MAX_WATCHED: '4' });
    expect(await refusalOf(list(1, 3), 'anna')).toEqual(refused);
    while (ends().length < 1) await turn();
    expect(scene.clock.timers).toBe(0);
  });
});

describe('streams', () => {
  it('are limited by LIVE_MAX_STREAMS; queries are still answered', async () => {
    scene = await startLiveScene({ LIVE_MAX_STREAMS: '3' });
    const viewers = await Promise.all([1, 2, 3].map(async () => openAndWait(single('1'), 'anna')));
    expect(await refusalOf(single('1'), 'anna')).toEqual(refused);
    const reply = await scene.gateway.ask('{ conference(tempConferenceId: "1") { title } }');
    expect(reply.data).toEqual({ conference: { title: 'Conference 1' } });
    viewers[0]?.leave();
    while (ends().length < 2) await turn();
    viewers.push(await openAndWait(single('1'), 'anna'));
    for (const viewer of viewers) viewer.leave();
  });

  it('end without complete at their maximum age, ± 10 %', async () => {
    scene = await startLiveScene({ LIVE_MAX_AGE_MS: '60000' });
    const viewer = await openAndWait(single('1'), 'anna');
    for (let at = 0; at < 53; at += 1) {
      scene.clock.advance(1000);
      await scene.settle();
    }
    expect(viewer.hasEnded).toBe(false);
    for (let at = 53; at < 67; at += 1) {
      scene.clock.advance(1000);
      await scene.settle();
    }
    await viewer.end();
    expect(viewer.events.map(({ type }) => type)).toEqual(['next']);
    expect(ends()).toMatchObject([{ reason: 'age' }]);
    expect(scene.clock.timers).toBe(0);
  });

  it('send a heartbeat every 12 s', async () => {
    scene = await startLiveScene();
    const viewer = await openAndWait(single('1'), 'anna');
    for (let at = 0; at < 25; at += 1) {
      scene.clock.advance(1000);
      await scene.settle();
    }
    expect(viewer.comments).toBe(2);
    viewer.leave();
  });

  it('have headers that keep proxies from buffering or changing them', async () => {
    scene = await startLiveScene();
    const viewer = await openAndWait(single('1'), 'anna');
    expect(Object.fromEntries(viewer.response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    expect(viewer.response.headers.has('content-encoding')).toBe(false);
    viewer.leave();
  });

  it('end with the gateway, none with complete and none in the middle of an event', async () => {
    scene = await startLiveScene();
    const viewers = await Promise.all([1, 2, 3].map(async (id) => openAndWait(single(String(id)), 'anna')));
    const closed = scene.gateway.close();
    while (ends().length < 3) {
      scene.clock.advance(1);
      await turn();
    }
    await Promise.all(viewers.map(async (viewer) => viewer.end()));
    await closed;
    for (const { events } of viewers) expect(events.map(({ type }) => type)).toEqual(['next']);
    expect(ends()).toMatchObject([{ reason: 'shutdown' }, { reason: 'shutdown' }, { reason: 'shutdown' }]);
    expect(scene.clock.timers).toBe(0);
  });
});

describe('when a gateway in production stops', () => {
  it('streams end spread over half of DRAIN_TIMEOUT_MS; a stream without an event yet gets 503', async () => {
    scene = await startLiveScene({
      NODE_ENV: 'production',
      DRAIN_DELAY_MS: '0',
      DRAIN_TIMEOUT_MS: '20000',
      UPSTREAM_TIMEOUT_MS: '60000',
    });
    const viewers = await Promise.all(
      Array.from({ length: 20 }, async (_, id) => openAndWait(single(String(id)), 'anna')),
    );
    scene.set('silent', () => undefined);
    const silent = watch(scene.gateway.url, single('silent'), { token: 'anna' });
    await vi.waitFor(() => expect(scene.upstream.received.at(-1)?.id).toBe('silent'));
    const closed = scene.gateway.close();
    const endedAfter: number[] = [];
    for (let ms = 0; ms < 10_000; ms += 100) {
      scene.clock.advance(100);
      for (let turns = 0; turns < 5; turns += 1) await turn();
      endedAfter.push(ends().length);
    }
    expect(endedAfter[0]).toBeLessThan(10);
    expect(new Set(endedAfter).size).toBeGreaterThan(8);
    expect(endedAfter.at(-1)).toBe(21);
    await Promise.all(viewers.map(async (viewer) => viewer.end()));
    for (const { events } of viewers) expect(events.map(({ type }) => type)).not.toContain('complete');
    const { response } = await silent;
    expect(response.status).toBe(503);
    expect(ends()).toContainEqual(expect.objectContaining({ reason: 'shutdown', sent: 0 }));
    await closed;
  });
});

describe('a viewer that does not read', () => {
  const padding = 'x'.repeat(60_000);
  const set = (poll: number) => scene.set('1', { title: `<${poll}>${padding}`, status: 2 });
  /** Sends changes until the connection takes no more bytes. */
  async function fill() {
    const idle = scene.clock.timers;
    for (let poll = 1; poll < 1000; poll += 1) {
      set(poll);
      await scene.poll();
      if (scene.clock.timers > idle) return poll;
    }
    throw new Error('the connection took everything');
  }
  async function openUnread() {
    set(0);
    const socket = connect(Number(scene.gateway.url.port), scene.gateway.url.hostname);
    socket.pause();
    socket.write(rawPost(single('1'), ['token: anna', 'accept: text/event-stream']));
    while (begins().length < 1) await turn();
    await scene.settle();
    return socket;
  }

  it('gets only the newest state when it reads again', async () => {
    scene = await startLiveScene();
    const socket = await openUnread();
    const full = await fill();
    const memory = process.memoryUsage().arrayBuffers;
    for (let poll = full + 1; poll <= full + 8; poll += 1) {
      set(poll);
      await scene.poll();
    }
    expect(process.memoryUsage().arrayBuffers - memory).toBeLessThan(10_000_000);
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
    socket.resume();
    await vi.waitFor(() => expect(text.includes(`<${full + 8}>`)).toBe(true));
    expect(text).toContain(`<${full}>`);
    for (let poll = full + 1; poll < full + 8; poll += 1) expect(text).not.toContain(`<${poll}>`);
    expect(ends()).toEqual([]);
    socket.destroy();
  }, 60_000);

  it('is cut after 30 s', async () => {
    scene = await startLiveScene();
    const socket = await openUnread();
    await fill();
    for (let second = 0; second < 31 && ends().length === 0; second += 1) {
      scene.clock.advance(1000);
      await scene.settle();
    }
    expect(ends()).toMatchObject([{ reason: 'too_slow' }]);
    socket.resume();
    await once(socket, 'close');
    expect(scene.clock.timers).toBe(0);
  }, 60_000);
});
