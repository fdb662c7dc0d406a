import { createServer, type LookupFunction } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { Settled } from '../../src/upstream/caller.ts';
import { type Asked, startFaultServer } from '../support/fault-server.ts';
import { cutAt, envelopeFor, http, httpChunked, well } from '../support/faults.ts';
import { openUpstream, titleOf } from '../support/open-upstream.ts';

const withLength = (asked: Asked) => http(envelopeFor(asked));
const inChunks = (asked: Asked) => Buffer.from(httpChunked(envelopeFor(asked)));
const closing = (asked: Asked) => http(envelopeFor(asked), { headers: 'connection: close\r\n' });
const inChunksClosing = (asked: Asked) =>
  Buffer.from(httpChunked(envelopeFor(asked)).replace('\r\n', '\r\nconnection: close\r\n'));
const untilTheEnd = (asked: Asked) => Buffer.from(`HTTP/1.1 200 OK\r\n\r\n${envelopeFor(asked)}`);

const sample: Asked = { token: 'token-1', id: '1', nth: 1, nthOnConnection: 1, headers: {} };

/** Long, because these tests make hundreds of calls at once and are not about the deadline. */
const deadlineMs = 25_000;

describe('an answer that breaks off', () => {
  it.each([
    { framing: 'with a length', answer: withLength, how: 'closed' },
    { framing: 'with a length', answer: withLength, how: 'reset' },
    { framing: 'in chunks', answer: inChunks, how: 'closed' },
    { framing: 'in chunks', answer: inChunks, how: 'reset' },
    { framing: 'with a length and connection: close', answer: closing, how: 'closed' },
    { framing: 'in chunks and with connection: close', answer: inChunksClosing, how: 'closed' },
    { framing: 'until the connection ends', answer: untilTheEnd, how: 'reset' },
  ] as const)('$framing, $how at any byte, is asked for once more', async ({ answer, how }) => {
    const broken = new Set<string>();
    await using server = await startFaultServer(({ id }) => {
      if (broken.has(id)) return well;
      broken.add(id);
      return cutAt(answer, Number(id), how);
    });
    const settled = await Promise.all(
      Array.from({ length: answer(sample).length }, async (_, at) => {
        // An upstream of its own for each call: with a common one, the circuit would open.
        await using way = openUpstream(server.url, { timeoutMs: deadlineMs }, { random: () => 0 });
        return way.call({ id: String(at) });
      }),
    );
    expect(new Set(settled.map(titleOf))).toEqual(new Set(['token-1']));
    expect(new Set(settled.map(({ attempts }) => attempts))).toEqual(new Set([2]));
  });

  it.each(['closed', 'reset'] as const)('twice, %s, is unavailable', async (how) => {
    await using server = await startFaultServer(() => cutAt(withLength, 100, how));
    await using way = openUpstream(server.url);
    expect(await way.call()).toMatchObject({
      outcome: { kind: 'unavailable', reason: 'connection' },
      attempts: 2,
    });
    expect(server.asked).toHaveLength(2);
  });
});

describe('an upstream that cannot be reached', () => {
  const promisedMs = 100;
  /** The shortest duration of a few calls: other processes on the machine delay some of them. */
  const quickestOf = async (times: number, call: () => Promise<Settled>) => {
    let quickestMs = Infinity;
    for (let nth = 0; nth < times; nth += 1) quickestMs = Math.min(quickestMs, (await call()).durationMs);
    return quickestMs;
  };

  const freePort = async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    server.close();
    await once(server, 'close');
    if (!address || typeof address === 'string') throw new Error('no port');
    return address.port;
  };

  it('is UPSTREAM_UNAVAILABLE within 100 ms, and answers the first request after it is back', async () => {
    const port = await freePort();
    await using way = openUpstream(`http://127.0.0.1:${port}`);
    const call = async () => {
      const settled = await way.call();
      expect(settled).toMatchObject({ outcome: { kind: 'unavailable', reason: 'connection' }, attempts: 2 });
      return settled;
    };
    expect(await quickestOf(5, call)).toBeLessThan(promisedMs);
    await using server = await startFaultServer(() => well, port);
    expect(titleOf(await way.call())).toBe('token-1');
    expect(server.asked).toHaveLength(1);
  });

  it('whose name does not exist is UPSTREAM_UNAVAILABLE within 100 ms', async () => {
    await using way = openUpstream(
      'http://upstream.invalid',
      {},
      {
        lookup: (_name, _options, callback) =>
          callback(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), []),
      },
    );
    const call = async () => {
      const settled = await way.call();
      expect(settled.outcome).toEqual({ kind: 'unavailable', reason: 'connection' });
      return settled;
    };
    expect(await quickestOf(5, call)).toBeLessThan(promisedMs);
    expect(way.events).toContainEqual({
      event: 'upstreamUnreachable',
      reason: 'ENOTFOUND',
      requestId: 'request-1',
    });
  });

  it('is reported once per reason, not once per call', async () => {
    await using way = openUpstream(`http://127.0.0.1:${await freePort()}`);
    for (let nth = 0; nth < 5; nth += 1) await way.call();
    expect(way.events.filter(({ event }) => event === 'upstreamUnreachable')).toEqual([
      { event: 'upstreamUnreachable', reason: 'ECONNREFUSED', requestId: 'request-1' },
    ]);
  });

  it('whose name is resolved too late gets no connection any more', async () => {
    await using server = await startFaultServer(() => well);
    const { promise: told, resolve: tell } = Promise.withResolvers<() => void>();
    const lookup: LookupFunction = (_name, { all }, callback) =>
      tell(() =>
        all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4),
      );
    await using way = openUpstream(`http://upstream.test:${server.port}`, { timeoutMs: 100 }, { lookup });
    expect(titleOf(await way.call())).toBe('timeout');
    expect(way.upstream.state()).toMatchObject({ inFlight: 0, waiting: 0 });
    expect(way.timers).toBe(0);
    (await told)();
    // When this call has its answer, a connection of the first call would have arrived, too.
    await using other = openUpstream(server.url);
    await other.call();
    expect(server.connections).toBe(1);
  });

  it('is reported with a word of a fixed form, whatever the system or a resolver says', async () => {
    const lookup: LookupFunction = (_name, _options, callback) =>
      callback(Object.assign(new Error('at 10.0.0.1'), { code: 'no such host\n10.0.0.1' }), '', 4);
    await using way = openUpstream('http://upstream.test', {}, { lookup });
    expect(titleOf(await way.call())).toBe('unavailable');
    expect(way.events).toContainEqual({
      event: 'upstreamUnreachable',
      reason: 'UNKNOWN',
      requestId: 'request-1',
    });
  });
});

describe('bytes without a request', () => {
  const foreign = (asked: Asked) => http(envelopeFor({ id: asked.id, token: 'foreign' }));
  it.each([
    { when: 'with the answer', late: false },
    { when: 'after the answer', late: true },
  ])('$when close their connection', async ({ late }) => {
    await using server = await startFaultServer(({ token }) => (socket, asked) => {
      well(socket, asked);
      if (token !== 'token-1') return;
      if (late) setTimeout(() => socket.write(foreign(asked)), 5);
      else socket.write(foreign(asked));
    });
    await using way = openUpstream(server.url);
    expect(titleOf(await way.call())).toBe('token-1');
    await expect.poll(() => server.sockets.size).toBe(0);
    expect(titleOf(await way.call({ token: 'token-2' }))).toBe('token-2');
  });

  it('with the record of another ID close their connection', async () => {
    await using server = await startFaultServer(({ token }) =>
      token === 'token-1' ? (socket) => well(socket, { ...sample, id: 'other', token: 'foreign' }) : well,
    );
    await using way = openUpstream(server.url);
    expect((await way.call()).outcome).toMatchObject({ kind: 'invalid-response', reason: 'other-record' });
    await expect.poll(() => server.sockets.size).toBe(0);
    expect(titleOf(await way.call({ token: 'token-2' }))).toBe('token-2');
  });
});

describe('the reuse of connections', () => {
  const callTwice = async (reuseConnections: boolean) => {
    await using server = await startFaultServer(() => well);
    await using way = openUpstream(server.url, { reuseConnections });
    for (const id of ['1', '2']) expect(titleOf(await way.call({ id }))).toBe('token-1');
    return {
      connections: server.connections,
      sent: server.asked.map(({ headers }) => headers['connection']),
    };
  };

  it('serves one call after another on one connection', async () => {
    expect(await callTwice(true)).toEqual({ connections: 1, sent: ['keep-alive', 'keep-alive'] });
  });

  it('takes the connection that was used last, so that the others may close', async () => {
    await using server = await startFaultServer(() => well);
    await using way = openUpstream(server.url);
    await Promise.all([way.call({ id: '1' }), way.call({ id: '2' })]);
    for (const id of ['3', '4', '5']) await way.call({ id });
    expect(server.asked.map(({ nthOnConnection }) => nthOnConnection)).toEqual([1, 1, 2, 3, 4]);
  });

  it('can be switched off: then each call has its own connection', async () => {
    expect(await callTwice(false)).toEqual({ connections: 2, sent: ['close', 'close'] });
  });

  it('ends when the upstream is closed: calls in flight finish, and no new calls start', async () => {
    let answered = 0;
    await using server = await startFaultServer(() => (socket, asked) => {
      setTimeout(() => {
        answered += 1;
        well(socket, asked);
      }, 50);
    });
    const way = openUpstream(server.url, { concurrency: 1 });
    const underWay = [way.call({ id: '1' }), way.call({ id: '2' })];
    const ends: string[] = [];
    for (const call of underWay) void call.then(() => ends.push('call'));
    const closed = Promise.all([way.upstream.close(), way.upstream.close()]).then(() =>
      ends.push('upstream'),
    );
    expect(await way.call({ id: '3' })).toMatchObject({
      outcome: { kind: 'unavailable', reason: 'closing' },
      attempts: 0,
    });
    await closed;
    expect(ends).toEqual(['call', 'call', 'upstream']);
    expect(answered).toBe(2);
    expect((await Promise.all(underWay)).map(titleOf)).toEqual(['token-1', 'token-1']);
    await expect.poll(() => server.sockets.size).toBe(0);
  });
});
