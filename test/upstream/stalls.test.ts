import { describe, expect, it } from 'vitest';
import { createTestClock } from '../support/clock.ts';
import { type FaultServer, startFaultServer } from '../support/fault-server.ts';
import { drip, stall, well } from '../support/faults.ts';
import { type OpenUpstream, openUpstream, titleOf } from '../support/open-upstream.ts';

const timeoutMs = 300;
/** Added for a busy machine. The promise is at most a tenth more than the deadline. */
const marginMs = 300;

const stalls = [
  { what: 'before the headers', fault: stall },
  { what: 'with headers that drip', fault: drip('HTTP/1.1 200 OK\r\nx: ') },
  {
    what: 'between the headers and the body',
    fault: drip('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n', ''),
  },
  { what: 'with a body that drips', fault: drip('HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n', ' ') },
  {
    what: 'with chunks that drip',
    fault: drip('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n', '1\r\n \r\n'),
  },
  { what: 'with a body without a length that drips', fault: drip('HTTP/1.1 200 OK\r\n\r\n', ' ') },
];

/** Expects that no call, timer or connection is left. */
async function expectNothingLeft(server: FaultServer, way: OpenUpstream) {
  expect(way.upstream.state()).toMatchObject({ inFlight: 0, waiting: 0 });
  expect(way.timers).toBe(0);
  await expect.poll(() => server.sockets.size).toBe(0);
}

describe('an upstream that stalls', () => {
  it.each(stalls)('$what is a time-out at the deadline, and leaves nothing behind', async ({ fault }) => {
    await using server = await startFaultServer(() => fault);
    await using way = openUpstream(server.url, { timeoutMs });
    const startedAt = performance.now();
    const settled = await way.call();
    const tookMs = performance.now() - startedAt;
    expect(settled).toMatchObject({ outcome: { kind: 'timeout' }, attempts: 1 });
    expect(tookMs).toBeGreaterThan(timeoutMs - 5);
    expect(tookMs).toBeLessThan(timeoutMs * 1.1 + marginMs);
    await expectNothingLeft(server, way);
  });

  it('times out a call in the queue no later than a running call', async () => {
    await using server = await startFaultServer(() => stall);
    await using way = openUpstream(server.url, { timeoutMs, concurrency: 2 });
    const startedAt = performance.now();
    const settled = await Promise.all(['1', '2', '3', '4', '5'].map((id) => way.call({ id })));
    expect(performance.now() - startedAt).toBeLessThan(timeoutMs * 1.1 + marginMs);
    expect(settled.map(titleOf)).toEqual(Array(5).fill('timeout'));
    const waitedMs = settled.map((one) => one.waitedMs).toSorted((one, other) => one - other);
    // Two run at once. On a busy machine the others began, and end, some milliseconds later.
    expect(waitedMs[1]).toBeLessThan(50);
    expect(waitedMs[2]).toBeGreaterThan(timeoutMs - 50);
    await expectNothingLeft(server, way);
  });

  it('does not extend the deadline for a retry', async () => {
    await using server = await startFaultServer(({ nth }) =>
      nth === 1 ? (socket) => setTimeout(() => socket.resetAndDestroy(), timeoutMs / 2) : stall,
    );
    await using way = openUpstream(server.url, { timeoutMs });
    const startedAt = performance.now();
    expect(await way.call()).toMatchObject({ outcome: { kind: 'timeout' }, attempts: 2 });
    expect(performance.now() - startedAt).toBeLessThan(timeoutMs * 1.1 + marginMs);
    await expectNothingLeft(server, way);
  });
});

describe('a connection that dies while it is idle', () => {
  it('costs one request at most', async () => {
    const dead = new Set<number>();
    await using server = await startFaultServer(
      ({ nthOnConnection }) =>
        (socket, asked) =>
          nthOnConnection > 1 && dead.has(socket.remotePort ?? 0) ? undefined : well(socket, asked),
    );
    await using way = openUpstream(server.url, { timeoutMs, concurrency: 8 });
    const ids = Array.from({ length: 8 }, (_, nth) => String(nth));
    const callAll = () => Promise.all(ids.map((id) => way.call({ id })));
    await callAll();
    expect(server.sockets.size).toBe(8);
    for (const { remotePort } of server.sockets) dead.add(remotePort ?? 0);
    expect((await callAll()).map(titleOf)).toEqual(ids.map(() => 'timeout'));
    expect((await callAll()).map(titleOf)).toEqual(ids.map(() => 'token-1'));
  });
});

describe('an answer that comes too late', () => {
  it('never goes to another request, in 10,000 time-outs', async () => {
    const clock = createTestClock();
    const late: (() => void)[] = [];
    await using server = await startFaultServer(({ token, id }) =>
      token === 'late' && id !== 'first'
        ? (socket, asked) => void late.push(() => well(socket, asked))
        : well,
    );
    await using way = openUpstream(server.url, { timeoutMs: 1000, concurrency: 150 }, { clock });
    const callMany = (token: string, count: number) =>
      Promise.all(
        Array.from({ length: count }, async (_, nth) => titleOf(await way.call({ id: `${nth}`, token }))),
      );
    // A caller without a good answer may have only eight calls in flight.
    await way.call({ id: 'first', token: 'late' });
    for (let round = 0; round < 100; round += 1) {
      // More good answers than time-outs. Otherwise, the circuit would open.
      expect(new Set(await callMany('prompt', 150))).toEqual(new Set(['prompt']));
      const timedOut = callMany('late', 100);
      await expect.poll(() => late.length, { interval: 1 }).toBe(100);
      clock.advance(1000);
      // The late answers arrive while their connections are being closed and the next calls start.
      for (const answer of late.splice(0)) answer();
      expect(new Set(await timedOut)).toEqual(new Set(['timeout']));
    }
  });
});
