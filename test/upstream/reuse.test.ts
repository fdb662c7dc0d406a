import { describe, expect, it } from 'vitest';
import { createTestClock } from '../support/clock.ts';
import { type Asked, startFaultServer } from '../support/fault-server.ts';
import { cutAt, envelopeFor, http, well } from '../support/faults.ts';
import { openUpstream, titleOf } from '../support/open-upstream.ts';

const withLength = (asked: Asked) => http(envelopeFor(asked));

describe('a connection that the upstream closes when it is idle', () => {
  it('fails no request, in 1,200 that are sent at that moment', async () => {
    // The server closes each connection 20 ms after its answer, and the next request is sent at about the same time.
    const idleMs = 20;
    await using server = await startFaultServer(() => (socket, asked) => {
      well(socket, asked);
      setTimeout(() => socket.end(), idleMs).unref();
    });
    await using way = openUpstream(server.url);
    const titles: unknown[] = [];
    const ask = async (caller: number) => {
      for (let nth = 0; nth < 30; nth += 1) {
        titles.push(titleOf(await way.call({ token: `token-${caller}` })));
        await new Promise((resolve) => setTimeout(resolve, idleMs - 1 + (nth % 3)));
      }
    };
    await Promise.all(Array.from({ length: 40 }, (_, caller) => ask(caller)));
    expect(titles).toHaveLength(1200);
    expect(titles.filter((title) => title === 'unavailable')).toEqual([]);
  });

  it.each([
    { when: 'before it is reused', close: (end: () => void) => setTimeout(end, 1) },
    { when: 'at the moment of its reuse', close: (end: () => void) => end() },
  ])('$when costs the next caller nothing', async ({ close }) => {
    await using server = await startFaultServer(({ nth }) => (socket, asked) => {
      well(socket, asked);
      if (nth === 1) close(() => socket.end());
    });
    await using way = openUpstream(server.url);
    expect(titleOf(await way.call())).toBe('token-1');
    expect(titleOf(await way.call({ token: 'token-2' }))).toBe('token-2');
  });
});

describe('connections that all break when they are reused', () => {
  it.each(['closed', 'reset'] as const)('fail no call and open no circuit, %s', async (how) => {
    await using server = await startFaultServer(({ nthOnConnection }) =>
      nthOnConnection === 1 ? well : cutAt(withLength, 0, how),
    );
    const clock = createTestClock();
    // One retry, and a tenth for each call: not enough, if these retries were counted.
    await using way = openUpstream(server.url, { concurrency: 1 }, { clock });
    for (let nth = 0; nth < 100; nth += 1) {
      expect(await way.call()).toMatchObject({ outcome: { kind: 'answer' }, attempts: nth === 0 ? 1 : 2 });
      clock.advance(10);
    }
    expect(way.events.filter(({ event }) => event === 'circuitChanged')).toEqual([]);
  });

  it.each([
    { when: 'after the first byte of the answer', bytes: 1, idleMs: 10 },
    { when: 'when they were idle for less than 10 ms', bytes: 0, idleMs: 9 },
  ])('spend the budget if they break $when', async ({ bytes, idleMs }) => {
    await using server = await startFaultServer(({ nthOnConnection }) =>
      nthOnConnection === 1 ? well : cutAt(withLength, bytes, 'closed'),
    );
    const clock = createTestClock();
    await using way = openUpstream(server.url, { concurrency: 1 }, { clock, random: () => 0 });
    for (const attempts of [1, 2]) {
      expect(await way.call()).toMatchObject({ attempts });
      clock.advance(idleMs);
    }
    expect(await way.call()).toMatchObject({ outcome: { reason: 'connection' }, attempts: 1 });
  });

  it('count as failures of the upstream if their retries fail, too', async () => {
    const warm = 10;
    await using server = await startFaultServer(({ nth }) =>
      nth <= 1.5 * warm ? well : (socket) => void socket.resetAndDestroy(),
    );
    const clock = createTestClock();
    await using way = openUpstream(server.url, {}, { clock, random: () => 0 });
    const callMany = (calls: number) =>
      Promise.all(Array.from({ length: calls }, (_, id) => way.call({ id: String(id) })));
    await callMany(warm);
    await callMany(warm / 2);
    clock.advance(10);
    await callMany(warm);
    expect(way.events).toContainEqual({ event: 'circuitChanged', state: 'open' });
  });

  it('cost the next caller nothing: a retry gets a new connection', async () => {
    await using server = await startFaultServer(({ nthOnConnection }) =>
      nthOnConnection === 1 ? well : (socket) => void socket.resetAndDestroy(),
    );
    await using way = openUpstream(server.url);
    await Promise.all(['1', '2', '3', '4'].map((id) => way.call({ id })));
    expect(server.sockets.size).toBe(4);
    const settled = await way.call();
    expect(titleOf(settled)).toBe('token-1');
    expect(settled.attempts).toBe(2);
  });
});
