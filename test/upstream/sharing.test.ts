import { describe, expect, it } from 'vitest';
import { startFaultServer } from '../support/fault-server.ts';
import { stall, well } from '../support/faults.ts';
import { createTestClock } from '../support/clock.ts';
import { openUpstream, titleOf } from '../support/open-upstream.ts';

describe('calls of one caller for one ID', () => {
  it('are one call while it is in flight', async () => {
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

  it('are two calls for two IDs, and two calls for two callers, whatever characters they have', async () => {
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

  it('are two calls if the first has less than half of its time left', async () => {
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

describe('a client that leaves', () => {
  it('before the call starts causes no request upstream', async () => {
    await using server = await startFaultServer(() => well);
    await using way = openUpstream(server.url);
    expect(await way.call({ signal: AbortSignal.abort() })).toMatchObject({
      outcome: { kind: 'aborted' },
      attempts: 0,
    });
    expect(server.connections).toBe(0);
  });

  it('does not end a call that another client waits for, until that one leaves, too', async () => {
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

  it('does not abort a request that comes in the same tick', async () => {
    await using server = await startFaultServer(({ nth }) => (nth === 1 ? stall : well));
    await using way = openUpstream(server.url);
    const leaving = new AbortController();
    const call = way.call({ signal: leaving.signal });
    await expect.poll(() => server.asked.length).toBe(1);
    leaving.abort();
    expect(titleOf(await way.call())).toBe('token-1');
    expect(titleOf(await call)).toBe('aborted');
  });
});
