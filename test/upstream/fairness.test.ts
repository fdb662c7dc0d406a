import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Settled } from '../../src/upstream/caller.ts';
import { type Asked, type Fault, startFaultServer } from '../support/fault-server.ts';
import { http, send, stall, status, well } from '../support/faults.ts';
import { codesOf, startTestGateway } from '../support/gateway.ts';
import { type OpenUpstream, openUpstream } from '../support/open-upstream.ts';

const smallCallers = 49;
const seconds = 3;
/** The promised share of calls that get an answer. */
const servedShare = 0.95;
/** The promise: at most this much more than twice the time without another caller. `marginMs` is added for a busy machine. */
const slowerMs = 50;
const marginMs = 150;
/** A machine can be busy in the second part of a scene alone: it is then measured again, both parts. */
const retry = 2;
const workMs = 10;

const later =
  (fault: Fault, ms = workMs): Fault =>
  (socket, asked) =>
    void setTimeout(() => fault(socket, asked), ms);

/** Makes calls at a constant rate for some seconds, and does not wait for their answers. */
function askFor(
  way: OpenUpstream,
  perSecond: number,
  callOf: (nth: number) => { id: string; token: string },
) {
  const startedAt = performance.now();
  return Promise.all(
    Array.from({ length: perSecond * seconds }, async (_, nth) => {
      const atMs = (nth * 1000) / perSecond;
      await sleep(atMs);
      const dueMs = startedAt + atMs;
      const settled = await way.call(callOf(nth));
      return { atMs, settled, tookMs: performance.now() - dueMs };
    }),
  );
}

const askAsSmall = (way: OpenUpstream) =>
  askFor(way, smallCallers, (nth) => ({ id: `small-${nth}`, token: `small-${nth % smallCallers}` }));

type Asking = Awaited<ReturnType<typeof askAsSmall>>;

const shareServed = (asking: Asking) =>
  asking.filter(({ settled }) => settled.outcome.kind === 'answer').length / asking.length;

/** The 95th percentile of the durations. */
function slowMs(asking: Asking) {
  const sorted = asking.map(({ tookMs }) => tookMs).toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN;
}

/** Measures small callers first alone, then beside another caller. */
async function besides(way: OpenUpstream, askAsOther: () => Promise<unknown>) {
  const alone = await askAsSmall(way);
  const other = askAsOther();
  const together = await askAsSmall(way);
  await other;
  const allowedMs = 2 * slowMs(alone) + slowerMs + marginMs;
  return { together, allowedMs, afterASecond: together.filter(({ atMs }) => atMs >= 1000) };
}

describe('49 callers beside one', () => {
  it.each<{ what: string; fault: Fault; perSecond: number }>([
    { what: 'whose conferences hang', fault: stall, perSecond: 50 },
    { what: 'whose conferences end in HTTP 500', fault: status(500), perSecond: 200 },
  ])(
    '$what are served: nearly all calls, and nearly as fast as alone',
    { retry },
    async ({ fault, perSecond }) => {
      await using server = await startFaultServer(({ id }) => (id.startsWith('small') ? later(well) : fault));
      await using way = openUpstream(server.url, { timeoutMs: 2000, concurrency: 16 });
      const { together, afterASecond, allowedMs } = await besides(way, () =>
        askFor(way, perSecond, (nth) => ({ id: `other-${nth}`, token: 'other' })),
      );
      expect(shareServed(together)).toBeGreaterThanOrEqual(servedShare);
      expect(slowMs(afterASecond)).toBeLessThan(allowedMs);
      expect(way.events.filter(({ event }) => event === 'circuitChanged')).toEqual([]);
    },
  );

  it('are served within a second, even if the other has taken the whole concurrency for calls that hang before they come', async () => {
    await using server = await startFaultServer(({ id }) => (id.startsWith('small') ? later(well) : stall));
    await using way = openUpstream(server.url, { timeoutMs: 5000, concurrency: 16 });
    await way.call({ id: 'small-first', token: 'other' });
    const hanging = Array.from({ length: 100 }, (_, nth) => way.call({ id: `other-${nth}`, token: 'other' }));
    await expect.poll(() => way.upstream.state()).toMatchObject({ inFlight: 16, waiting: 84 });
    const settled = await Promise.all(
      Array.from({ length: smallCallers }, (_, nth) => way.call({ id: 'small', token: `small-${nth}` })),
    );
    expect(settled.filter(({ outcome }) => outcome.kind === 'answer')).toHaveLength(smallCallers);
    expect(Math.max(...settled.map(({ durationMs }) => durationMs))).toBeLessThan(1000 + marginMs);
    // A call that was aborted for another caller is reported as a failure that can be retried.
    const ended = (await Promise.all(hanging)).filter(
      ({ outcome }) => outcome.kind === 'unavailable' && outcome.reason === 'hung',
    );
    expect(ended.length).toBeGreaterThan(0);
    expect(ended.length).toBeLessThan(16);
  });
});

describe('49 callers that the upstream has accepted', () => {
  it('are served while 1,500 made-up tokens a second come', async () => {
    // The upstream takes 20 ms per answer. With four calls in flight, that is 200 answers a second.
    await using server = await startFaultServer(({ token }) =>
      later(token?.startsWith('small') ? well : status(401), 20),
    );
    await using way = openUpstream(server.url, { concurrency: 4, queue: 16 });
    const { together } = await besides(way, () =>
      askFor(way, 1500, (nth) => ({ id: '1', token: `made-up-${nth}` })),
    );
    expect(shareServed(together)).toBeGreaterThanOrEqual(servedShare);
    expect(server.asked.some(({ token }) => token?.startsWith('made-up'))).toBe(true);
  });
});

describe('a request for 100 conferences', () => {
  const query = `{ conferences(tempConferenceIds: ${JSON.stringify(Array.from({ length: 100 }, (_, nth) => String(nth)))}) { title } }`;

  it.each([
    { refusal: 'HTTP 401', fault: status(401), settings: {} },
    {
      refusal: 'a business status that means it',
      fault: send(http('{"status":10001,"msg":"who are you"}')),
      settings: { UPSTREAM_STATUS_CODES: '10001=UNAUTHENTICATED' },
    },
  ] satisfies { refusal: string; fault: Fault; settings: Record<string, string> }[])(
    'makes 8 calls with a made-up token, and gets UNAUTHENTICATED ($refusal)',
    async ({ fault, settings }) => {
      await using server = await startFaultServer(() => later(fault));
      await using gateway = await startTestGateway({ UPSTREAM_URL: server.url, ...settings });
      const reply = await gateway.ask(query);
      expect(new Set(codesOf(reply))).toEqual(new Set(['UNAUTHENTICATED']));
      expect(reply.errors).toHaveLength(100);
      expect(server.asked.length).toBeLessThanOrEqual(8);
      // All errors name the same answer of the upstream: the refusal. So do those of calls that were not sent.
      expect(
        new Set(reply.errors.map(({ extensions }) => JSON.stringify(extensions['upstream']))),
      ).toHaveLength(1);
    },
  );

  it('takes at most two additional round trips with a valid token that is new', async () => {
    const roundTripMs = 200;
    await using server = await startFaultServer(() => later(well, roundTripMs));
    await using gateway = await startTestGateway({ UPSTREAM_URL: server.url, UPSTREAM_CONCURRENCY: '100' });
    const startedAt = performance.now();
    const { errors } = await gateway.ask(query);
    expect(errors).toEqual([]);
    expect(performance.now() - startedAt).toBeLessThan(3 * roundTripMs + marginMs);
  });

  it('continues after one 401 if the token had been accepted', async () => {
    const refusedOne = ({ id }: Asked): Fault => (id === '7' ? status(401) : later(well));
    await using server = await startFaultServer(refusedOne);
    await using gateway = await startTestGateway({ UPSTREAM_URL: server.url, UPSTREAM_CONCURRENCY: '10' });
    await gateway.ask('{ conference(tempConferenceId: "first") { title } }');
    const reply = await gateway.ask(query);
    expect(codesOf(reply)).toEqual(['UNAUTHENTICATED']);
    expect(server.asked).toHaveLength(1 + 100);
  });
});

describe('a single caller', () => {
  it('may use the whole concurrency, as behind a router with one token', async () => {
    await using server = await startFaultServer(({ id }) => (id === 'first' ? well : later(well, 700)));
    await using way = openUpstream(server.url, { concurrency: 64 });
    await way.call({ id: 'first' });
    const calls: Promise<Settled>[] = Array.from({ length: 128 }, (_, nth) => way.call({ id: String(nth) }));
    await expect.poll(() => server.asked.length).toBe(1 + 64);
    expect((await Promise.all(calls)).filter(({ outcome }) => outcome.kind === 'answer')).toHaveLength(128);
  });
});
