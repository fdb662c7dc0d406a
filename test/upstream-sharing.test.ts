import { describe, expect, it } from 'vitest';
import { startFaultServer } from './support/fault-server.ts';
import { stall, status, well } from './support/faults.ts';
import { createTestClock } from './support/clock.ts';
import { openUpstream, titleOf } from './support/open-upstream.ts';

describe('calls of one caller for one ID', () => {
  it('are one call while it is under way', async () => {
    await using server = await startFaultServer(
      () => (socket, asked) => setTimeout(() => well(socket, asked), 30),
    );
    await using way = openUpstream(server.url);
    const settled = await Promise.all([way.call(), way.call(), way.call()]);
    expect(settled.map(titleOf)).toEqual(['token-1', 'token-1', 'token-1']);
    expect(settled.map(({ shared }) => shared)).toEqual([false, true, true]);
    expect(server.asked).toHaveLength(1);
    await way.call();
    expect(server.asked).toHaveLength(2);
  });

  it('are two calls for two IDs, and two calls for two callers, however these are written', async () => {
    await using server = await startFaultServer(() => well);
    await using way = openUpstream(server.url);
    const asks = [
      { token: 'a', id: 'b1' },
      { token: 'ab', id: '1' },
      { token: 'a', id: '1' },
      { token: 'a', id: '1 ' },
      { token: 'a:b', id: '1' },
      { token: 'a', id: 'b:1' },
      { token: '__proto__', id: 'constructor' },
      { token: 'constructor', id: '__proto__' },
    ];
    const settled = await Promise.all(asks.map((ask) => way.call(ask)));
    expect(settled.map(titleOf)).toEqual(asks.map(({ token }) => token));
    expect(server.asked).toHaveLength(asks.length);
  });

  it('are two calls where the first has less than half of its time left', async () => {
    const clock = createTestClock();
    await using server = await startFaultServer(({ nth }) => (nth === 1 ? stall : well));
    await using way = openUpstream(server.url, { timeoutMs: 1000 }, { clock });
    const first = way.call();
    await expect.poll(() => server.asked.length).toBe(1);
    clock.advance(501);
    expect(titleOf(await way.call())).toBe('token-1');
    clock.advance(499);
    expect(titleOf(await first)).toBe('timeout');
  });
});

describe('a caller who leaves', () => {
  it('before the call is asked for sends nothing', async () => {
    await using server = await startFaultServer(() => well);
    await using way = openUpstream(server.url);
    expect(await way.call({ signal: AbortSignal.abort() })).toMatchObject({
      outcome: { kind: 'aborted' },
      attempts: 0,
    });
    expect(server.connections).toBe(0);
  });

  it('ends the call within 50 ms', async () => {
    await using server = await startFaultServer(() => stall);
    await using way = openUpstream(server.url);
    const leaving = new AbortController();
    const call = way.call({ signal: leaving.signal });
    await expect.poll(() => server.asked.length).toBe(1);
    const leftAt = performance.now();
    leaving.abort();
    expect(titleOf(await call)).toBe('aborted');
    await expect.poll(() => server.sockets.size, { interval: 1 }).toBe(0);
    expect(performance.now() - leftAt).toBeLessThan(50);
    expect(way.upstream.state()).toMatchObject({ inFlight: 0, waiting: 0 });
    expect(way.timers).toBe(0);
  });

  it('does not end a call that another waits for, until that one leaves, too', async () => {
    await using server = await startFaultServer(() => stall);
    await using way = openUpstream(server.url);
    const [one, other] = [new AbortController(), new AbortController()];
    const calls = [way.call({ signal: one.signal }), way.call({ signal: other.signal })];
    await expect.poll(() => server.asked.length).toBe(1);
    one.abort();
    expect(titleOf(await calls[0]!)).toBe('aborted');
    expect(server.sockets.size).toBe(1);
    other.abort();
    expect(titleOf(await calls[1]!)).toBe('aborted');
    await expect.poll(() => server.sockets.size).toBe(0);
  });

  it('does not take along one who asks in the same tick', async () => {
    await using server = await startFaultServer(({ nth }) => (nth === 1 ? stall : well));
    await using way = openUpstream(server.url);
    const leaving = new AbortController();
    const call = way.call({ signal: leaving.signal });
    await expect.poll(() => server.asked.length).toBe(1);
    leaving.abort();
    expect(titleOf(await way.call())).toBe('token-1');
    expect(titleOf(await call)).toBe('aborted');
  });

  it('gives up the place in the line', async () => {
    await using server = await startFaultServer(() => stall);
    await using way = openUpstream(server.url, { concurrency: 1 });
    const [first, second] = [new AbortController(), new AbortController()];
    const calls = [way.call({ id: '1', signal: first.signal }), way.call({ id: '2', signal: second.signal })];
    await expect.poll(() => server.asked.length).toBe(1);
    expect(way.upstream.state().waiting).toBe(1);
    second.abort();
    await calls[1];
    expect(way.upstream.state().waiting).toBe(0);
    first.abort();
    await calls[0];
    expect(server.asked.map(({ id }) => id)).toEqual(['1']);
  });

  it('leaves nothing behind, after 1,000 of them at any moment', async () => {
    await using server = await startFaultServer(({ nth }) =>
      nth % 2 ? stall : (socket, asked) => setTimeout(() => well(socket, asked), nth % 5),
    );
    await using way = openUpstream(server.url, { concurrency: 20, queue: 2000 });
    await Promise.all(
      Array.from({ length: 1000 }, async (_, nth) => {
        const leaving = new AbortController();
        const call = way.call({ id: `${nth % 300}`, token: `token-${nth % 7}`, signal: leaving.signal });
        setTimeout(() => leaving.abort(), nth % 50);
        await call;
      }),
    );
    await expect.poll(() => way.upstream.state()).toMatchObject({ inFlight: 0, waiting: 0 });
    expect(way.timers).toBe(0);
    await way.upstream.close();
    await expect.poll(() => server.sockets.size).toBe(0);
  });
});

describe('many callers at once', () => {
  it('get the answer to their own token, in 100,000 calls of which a tenth fails', async () => {
    await using server = await startFaultServer(({ nth }) => {
      if (nth % 20 === 0) return (socket) => socket.resetAndDestroy();
      if (nth % 20 === 10) return status(500);
      return well;
    });
    await using way = openUpstream(server.url, { concurrency: 100, queue: 5000, timeoutMs: 20_000 });
    let foreign = 0;
    let answered = 0;
    const callMany = async (caller: number) => {
      const token = `token-${caller}`;
      for (let nth = 0; nth < 2000; nth += 1) {
        // Callers ask for the same IDs at the same time.
        const settled = await way.call({ id: String(nth), token });
        if (settled.outcome.kind !== 'answer') continue;
        answered += 1;
        if (titleOf(settled) !== token || settled.outcome.record?.['tempConferenceId'] !== String(nth))
          foreign += 1;
      }
    };
    await Promise.all(Array.from({ length: 50 }, (_, caller) => callMany(caller)));
    expect(foreign).toBe(0);
    expect(answered).toBeGreaterThan(90_000);
  });
});
