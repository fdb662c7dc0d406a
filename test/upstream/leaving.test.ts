import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startFaultServer } from '../support/fault-server.ts';
import { http, stall, status, well } from '../support/faults.ts';
import { startTestGateway } from '../support/gateway.ts';
import { openUpstream, titleOf } from '../support/open-upstream.ts';

/** The promised time from the end of the last client to the end of its call. */
const abortMs = 50;
/** Added for a busy machine. */
const marginMs = 150;

const conference = (id: string) => `conference(tempConferenceId: "${id}") { title }`;

/** A client that asks for a conference and can hang up. */
async function ask(url: URL, id: string, query = `{ ${conference(id)} }`) {
  const body = JSON.stringify({ query });
  const socket = connect({ host: url.hostname, port: Number(url.port) });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(
    `POST /graphql HTTP/1.1\r\nhost: gateway\r\ntoken: token-1\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  return socket;
}

describe('a client that disconnects', () => {
  it('ends its call to the upstream at once', async () => {
    await using server = await startFaultServer(() => stall);
    await using gateway = await startTestGateway({ UPSTREAM_URL: server.url });
    const socket = await ask(gateway.url, '1');
    await expect.poll(() => server.asked.length).toBe(1);
    const [connection] = server.sockets;
    const closed = connection && once(connection, 'close');
    const leftAt = performance.now();
    socket.destroy();
    await closed;
    expect(performance.now() - leftAt).toBeLessThan(abortMs + marginMs);
  });

  it('ends all calls of its request', async () => {
    await using server = await startFaultServer(() => stall);
    // So long that no deadline ends the calls first.
    await using gateway = await startTestGateway({ UPSTREAM_URL: server.url, UPSTREAM_TIMEOUT_MS: '60000' });
    const query = `{ a: ${conference('1')} b: ${conference('2')} c: ${conference('3')} }`;
    const socket = await ask(gateway.url, '', query);
    await expect.poll(() => server.sockets.size).toBe(3);
    socket.destroy();
    await expect.poll(() => server.sockets.size).toBe(0);
  });

  it('does not end a call that another request of the same caller waits for', async () => {
    const { promise: answer, resolve: letAnswer } = Promise.withResolvers<void>();
    await using server = await startFaultServer(() => async (socket, asked) => {
      await answer;
      well(socket, asked);
    });
    await using gateway = await startTestGateway({ UPSTREAM_URL: server.url });
    const leaver = await ask(gateway.url, '1');
    await expect.poll(() => server.asked.length).toBe(1);
    const stayed = gateway.ask('{ conference(tempConferenceId: "1") { title } }', { token: 'token-1' });
    const stayedToo = gateway.ask('{ conference(tempConferenceId: "2") { title } }', { token: 'token-1' });
    // When the call for "2" has reached the upstream, the earlier request for "1" has also been read.
    await expect.poll(() => server.asked.length).toBe(2);
    leaver.destroy();
    await expect.poll(() => gateway.events.filter(({ event }) => event === 'request').length).toBe(1);
    letAnswer();
    expect(await stayed).toMatchObject({ data: { conference: { title: 'token-1' } }, errors: [] });
    expect(await stayedToo).toMatchObject({ data: { conference: { title: 'token-1' } }, errors: [] });
    expect(server.asked.map(({ id }) => id)).toEqual(['1', '2']);
  });

  it('leaves nothing behind, even a thousand times, and does not affect others', async () => {
    await using server = await startFaultServer(({ id }) => (id === 'good' ? well : stall));
    await using gateway = await startTestGateway({
      UPSTREAM_URL: server.url,
      UPSTREAM_CONCURRENCY: '20',
      UPSTREAM_QUEUE: '1000',
      METRICS_PORT: '0',
    });
    // After this answer the caller is accepted. Before, it may have only eight calls in flight.
    await gateway.ask('{ conference(tempConferenceId: "good") { title } }', { token: 'token-1' });
    await expect.poll(() => gateway.events.filter(({ event }) => event === 'request').length).toBe(1);
    for (let round = 0; round < 10; round++) {
      const sockets = await Promise.all(
        Array.from({ length: 100 }, (_, nth) => ask(gateway.url, `${round}-${nth}`)),
      );
      await expect.poll(() => server.sockets.size).toBe(20);
      for (const socket of sockets) socket.destroy();
      await expect.poll(() => server.sockets.size).toBe(0);
    }
    await expect.poll(() => gateway.events.filter(({ event }) => event === 'request').length).toBe(1001);
    expect(await gateway.ask('{ conference(tempConferenceId: "good") { title } }')).toMatchObject({
      data: { conference: { title: 'test-token' } },
    });
    expect(gateway.events.filter(({ event }) => event === 'defect' || event === 'warning')).toEqual([]);
    // A turn that becomes free can go to a request that is aborted next, so some calls are sent, but not all.
    expect(server.asked.length).toBeLessThan(1000);
  });
});

describe('a call that no client waits for any more', () => {
  it.each([
    { when: 'while it is in the queue', concurrency: 1, fault: stall, asked: 1 },
    { when: 'while it waits for its answer', concurrency: 2, fault: stall, asked: 2 },
  ])('ends at once $when', async ({ concurrency, fault, asked }) => {
    await using server = await startFaultServer(() => fault);
    await using way = openUpstream(server.url, { concurrency, timeoutMs: 60_000 });
    const holder = new AbortController();
    const leaver = new AbortController();
    const held = way.call({ id: 'held', signal: holder.signal });
    const left = way.call({ id: '1', signal: leaver.signal });
    await expect.poll(() => server.asked.length).toBe(asked);
    leaver.abort();
    const { outcome } = await left;
    expect(outcome).toEqual({ kind: 'aborted' });
    holder.abort();
    expect(titleOf(await held)).toBe('aborted');
    await expect.poll(() => server.sockets.size).toBe(0);
    expect(way.upstream.state()).toMatchObject({ inFlight: 0, waiting: 0 });
    expect(way.timers).toBe(0);
  });

  it('does not read an answer that waits to be parsed', async () => {
    const asked: (() => void)[] = [];
    const large = (id: string) =>
      JSON.stringify({ status: 0, msg: '', result: { tempConferenceId: id, title: 'x'.repeat(5000) } });
    await using server = await startFaultServer(({ id }) => (socket) => {
      asked.push(() => void socket.write(http(large(id))));
    });
    await using way = openUpstream(server.url, { timeoutMs: 60_000 });
    const token = (at: number) => `token-${Math.floor(at / 4)}`;
    const leaver = new AbortController();
    const calls = Array.from({ length: 20 }, (_, at) =>
      way.call({
        id: String(at),
        token: token(at),
        ...(at >= 10 && { signal: leaver.signal }),
      }),
    );
    await expect.poll(() => asked.length).toBe(20);
    for (const answer of asked) answer();
    await calls[0];
    // All answers have arrived, and each turn of the event loop parses one of them.
    await turn();
    leaver.abort();
    await Promise.all(calls);
    await expect.poll(() => way.upstream.state().inFlight).toBe(0);
    const outcomes = way.events.flatMap((one) => (one.event === 'upstreamCall' ? [one.outcome] : []));
    expect(outcomes.filter((outcome) => outcome === 'aborted')).toHaveLength(10);
  });

  it("is not retried after the upstream's Retry-After", async () => {
    await using server = await startFaultServer(() => status(503, 'retry-after: 30\r\n'));
    const leaver = new AbortController();
    await using way = openUpstream(server.url, { timeoutMs: 60_000 });
    const left = way.call({ signal: leaver.signal });
    await expect.poll(() => way.timers).toBe(2);
    leaver.abort();
    expect((await left).outcome).toEqual({ kind: 'aborted' });
    await expect.poll(() => way.timers).toBe(0);
    expect(server.asked).toHaveLength(1);
  });
});
