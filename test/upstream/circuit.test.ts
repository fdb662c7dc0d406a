import { describe, expect, it } from 'vitest';
import type { Settled } from '../../src/upstream/caller.ts';
import { createTestClock } from '../support/clock.ts';
import { type Fault, startFaultServer } from '../support/fault-server.ts';
import { http, send, stall, status, well } from '../support/faults.ts';
import { openUpstream, titleOf } from '../support/open-upstream.ts';

/** A server that the test can switch between failing and healthy, and a gateway with a test clock. */
async function startWith(ill: Fault, settings: Parameters<typeof openUpstream>[1] = {}) {
  const clock = createTestClock();
  let fault = ill;
  const server = await startFaultServer(() => fault);
  const way = openUpstream(server.url, { timeoutMs: 5000, ...settings }, { clock, random: () => 0 });
  return {
    clock,
    server,
    way,
    turn: (next: Fault) => void (fault = next),
    /** Makes one good call for each token. A token without a good answer may have only eight calls in flight. */
    async accept(...tokens: string[]) {
      const meanwhile = fault;
      fault = well;
      for (const token of tokens) await way.call({ token });
      fault = meanwhile;
    },
    /** Makes `count` calls one after the other. Returns their outcomes. */
    async call(count: number) {
      const outcomes = [];
      for (let nth = 0; nth < count; nth += 1) outcomes.push((await way.call({ id: String(nth) })).outcome);
      return outcomes;
    },
    async [Symbol.asyncDispose]() {
      await way.upstream.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

const reasonOf = (outcome: Settled['outcome']) => ('reason' in outcome ? outcome.reason : undefined);

describe('the circuit breaker', () => {
  it('opens after 20 failed requests, and then sends none', async () => {
    await using test = await startWith(status(500));
    await test.call(20);
    expect(test.way.upstream.state().circuit).toBe('open');
    const outcomes = await test.call(100);
    expect(new Set(outcomes.map(reasonOf))).toEqual(new Set(['circuit-open']));
    expect(test.server.asked).toHaveLength(20);
  });

  it('refuses within 5 ms', async () => {
    await using test = await startWith(status(500));
    await test.call(20);
    const startedAt = performance.now();
    await test.call(1000);
    expect((performance.now() - startedAt) / 1000).toBeLessThan(5);
  });

  it('refuses at once, even while a trial is the only call that may run', async () => {
    await using test = await startWith(status(500), { concurrency: 1 });
    await test.call(20);
    test.turn(stall);
    test.clock.advance(1000);
    const leaving = new AbortController();
    const trial = test.way.call({ id: 'trial', signal: leaving.signal });
    await expect.poll(() => test.server.asked.length).toBe(21);
    expect((await test.call(3)).map(reasonOf)).toEqual(Array(3).fill('circuit-open'));
    leaving.abort();
    await trial;
  });

  it('does not retry a failed trial, however long it took', async () => {
    await using test = await startWith(status(500));
    await test.call(20);
    let breakOff: (() => void) | undefined;
    test.turn((socket) => (breakOff = () => socket.destroy()));
    test.clock.advance(1000);
    const trial = test.way.call({ id: 'trial' });
    await expect.poll(() => test.server.asked.length).toBe(21);
    // From now on, the circuit would let the next trial through.
    test.clock.advance(1500);
    breakOff?.();
    expect(await trial).toMatchObject({ attempts: 1, outcome: { reason: 'connection' } });
    expect(test.server.asked).toHaveLength(21);
  });

  it.each<{ what: string; fault: Fault }>([
    { what: 'a 401', fault: status(401) },
    { what: 'a 403', fault: status(403) },
    { what: 'a 404', fault: status(404) },
    { what: 'a 429', fault: status(429) },
    { what: 'a business status', fault: send(http('{"status":50000}')) },
    { what: 'an answer that is not JSON', fault: send(http('<html>')) },
  ])('does not count $what', async ({ fault }) => {
    await using test = await startWith(fault);
    await test.call(100);
    expect(test.way.upstream.state().circuit).toBe('closed');
    expect(test.server.asked).toHaveLength(100);
  });

  it('counts a passed deadline, but not a client that leaves', async () => {
    await using test = await startWith(stall);
    const callAll = (signal?: AbortSignal) =>
      Array.from({ length: 20 }, (_, nth) => test.way.call({ id: String(nth), ...(signal && { signal }) }));
    await test.accept('token-1');
    const leaving = new AbortController();
    const left = callAll(leaving.signal);
    await expect.poll(() => test.server.asked.length).toBe(1 + 20);
    leaving.abort();
    await Promise.all(left);
    expect(test.way.upstream.state().circuit).toBe('closed');
    // The good answers are now too old to count.
    test.clock.advance(5000);
    const late = callAll();
    await expect.poll(() => test.server.asked.length).toBe(1 + 40);
    test.clock.advance(5000);
    await Promise.all(late);
    expect(test.way.upstream.state().circuit).toBe('open');
  });

  it('does not count a passed deadline if the call spent most of its time in the queue', async () => {
    await using test = await startWith(stall, { concurrency: 25 });
    const leaving = new AbortController();
    const callMany = (token: string, signal?: AbortSignal) =>
      Array.from({ length: 25 }, (_, nth) =>
        test.way.call({ id: String(nth), token, ...(signal && { signal }) }),
      );
    await test.accept('token-1', 'token-2');
    const first = callMany('token-1', leaving.signal);
    const waiting = callMany('token-2');
    await expect.poll(() => test.server.asked.length).toBe(2 + 25);
    // One call gets the turn of a call that hangs. The others wait.
    test.clock.advance(3000);
    leaving.abort();
    await Promise.all(first);
    await expect.poll(() => test.server.asked.length).toBe(2 + 50);
    test.clock.advance(2000);
    expect((await Promise.all(waiting)).map(titleOf)).toEqual(waiting.map(() => 'timeout'));
    expect(test.way.upstream.state().circuit).toBe('closed');
  });

  it('lets one trial through per second, however many requests come', async () => {
    await using test = await startWith(status(500));
    await test.call(20);
    for (let second = 1; second <= 3; second += 1) {
      test.clock.advance(999);
      await test.call(10);
      expect(test.server.asked).toHaveLength(19 + second);
      test.clock.advance(1);
      await Promise.all(Array.from({ length: 10 }, (_, nth) => test.way.call({ id: String(nth) })));
      expect(test.server.asked).toHaveLength(20 + second);
    }
  });

  it('closes with the first successful trial, within 2 s of the recovery', async () => {
    await using test = await startWith(status(500));
    await test.call(20);
    test.turn(well);
    test.clock.advance(1000);
    expect(titleOf(await test.way.call())).toBe('token-1');
    expect(test.way.upstream.state().circuit).toBe('closed');
    expect((await test.call(50)).map(reasonOf)).not.toContain('circuit-open');
  });

  it('closes within 2 s of the recovery even if the trials before it stall', async () => {
    await using test = await startWith(status(500));
    await test.call(20);
    test.turn(stall);
    test.clock.advance(1000);
    const trial = test.way.call({ id: 'trial' });
    await expect.poll(() => test.server.asked.length).toBe(21);
    expect(test.way.upstream.state().circuit).toBe('half-open');
    expect(new Set((await test.call(10)).map(reasonOf))).toEqual(new Set(['circuit-open']));
    test.turn(well);
    test.clock.advance(1000);
    expect(titleOf(await test.way.call())).toBe('token-1');
    expect(test.way.upstream.state().circuit).toBe('closed');
    test.clock.advance(4000);
    expect(titleOf(await trial)).toBe('timeout');
    expect(test.way.upstream.state().circuit).toBe('closed');
  });

  it('lets another trial through at once if the client of the one before leaves', async () => {
    await using test = await startWith(status(500));
    await test.call(20);
    test.turn(stall);
    test.clock.advance(1000);
    const leaving = new AbortController();
    const trial = test.way.call({ id: 'trial', signal: leaving.signal });
    await expect.poll(() => test.server.asked.length).toBe(21);
    leaving.abort();
    await trial;
    test.turn(well);
    await expect.poll(async () => titleOf(await test.way.call())).toBe('token-1');
  });

  it('reports that it opens and that it closes, and nothing in between', async () => {
    await using test = await startWith(status(500));
    await test.call(30);
    for (let second = 0; second < 5; second += 1) {
      test.clock.advance(1000);
      await test.call(5);
    }
    test.turn(well);
    test.clock.advance(1000);
    await test.call(5);
    expect(test.way.events.filter(({ event }) => event === 'circuitChanged')).toEqual([
      { event: 'circuitChanged', state: 'open' },
      { event: 'circuitChanged', state: 'closed' },
    ]);
  });
});
