import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, LookupFunction } from 'node:net';
import { getCACertificates, type SecureContextOptions, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createTestClock } from '../support/clock.ts';
import { startFaultServer } from '../support/fault-server.ts';
import { envelopeFor, well } from '../support/faults.ts';
import { startDeafServer } from '../support/deaf-server.ts';
import { openUpstream, titleOf } from '../support/open-upstream.ts';

const pem = (name: string) => readFileSync(new URL(`../fixtures/tls/${name}.pem`, import.meta.url), 'utf8');

/** A name resolver that returns the current address. */
const lookupOf =
  (address: () => string): LookupFunction =>
  (_name, { all }, callback) => {
    if (all) callback(null, [{ address: address(), family: 4 }]);
    else callback(null, address(), 4);
  };

async function startSecureUpstream(certificate: string, options: SecureContextOptions = {}) {
  const tokens: unknown[] = [];
  const names = new Set<unknown>();
  let resumed = 0;
  const server = createSecureServer(
    { key: pem('key'), cert: pem(certificate), ...options },
    (request: IncomingMessage, response: ServerResponse) => {
      tokens.push(request.headers['token']);
      response.end(envelopeFor({ id: '1', token: String(request.headers['token']) }));
    },
  );
  server.on('secureConnection', (socket) => {
    names.add(socket.servername);
    if (socket.isSessionReused()) resumed += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://upstream.test:${port}`,
    tokens,
    /** The server names that clients asked for. */
    names,
    get resumed() {
      return resumed;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('an upstream behind TLS', () => {
  const trusted = getCACertificates('default');
  beforeAll(() => setDefaultCACertificates([...trusted, pem('ca')]));
  afterAll(() => setDefaultCACertificates(trusted));
  const lookup = lookupOf(() => '127.0.0.1');

  it('is called if its certificate is valid, and its TLS session is resumed', async () => {
    await using server = await startSecureUpstream('good');
    await using way = openUpstream(server.url, { reuseConnections: false }, { lookup });
    for (let nth = 0; nth < 3; nth += 1) expect(titleOf(await way.call())).toBe('token-1');
    expect(server.resumed).toBeGreaterThan(0);
    expect([...server.names]).toEqual(['upstream.test']);
  });

  it.each([
    {
      certificate: 'self-signed',
      reason: 'DEPTH_ZERO_SELF_SIGNED_CERT (NODE_EXTRA_CA_CERTS names a file of further CAs to trust)',
    },
    { certificate: 'other-name', reason: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    { certificate: 'expired', reason: 'CERT_HAS_EXPIRED' },
    {
      certificate: 'other-name',
      reason: 'ERR_TLS_CERT_ALTNAME_INVALID',
      options: { maxVersion: 'TLSv1.2' as const },
    },
  ])(
    'whose certificate is $certificate is refused as $reason, at every attempt, and never gets a token',
    async ({ certificate, reason, options }) => {
      await using server = await startSecureUpstream(certificate, options);
      await using way = openUpstream(server.url, {}, { lookup });
      for (let nth = 0; nth < 3; nth += 1) expect(titleOf(await way.call())).toBe('unavailable');
      expect(server.tokens).toEqual([]);
      expect(way.events).toContainEqual({ event: 'upstreamUnreachable', reason, requestId: 'request-1' });
    },
  );

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'whose certificate is invalid is refused even if NODE_TLS_REJECT_UNAUTHORIZED is 0 (%s)',
    async (maxVersion) => {
      vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
      onTestFinished(() => void vi.unstubAllEnvs());
      await using server = await startSecureUpstream('other-name', { maxVersion });
      await using way = openUpstream(server.url, { reuseConnections: false }, { lookup });
      for (let nth = 0; nth < 3; nth += 1) expect(titleOf(await way.call())).toBe('unavailable');
      expect(server.tokens).toEqual([]);
      expect(server.resumed).toBe(0);
    },
  );

  it('that does not speak TLS never gets a token', async () => {
    await using server = await startFaultServer(() => well);
    await using way = openUpstream(`https://upstream.test:${server.port}`, { timeoutMs: 100 }, { lookup });
    expect(titleOf(await way.call())).toBe('timeout');
    expect(server.connections).toBe(1);
    expect(server.asked).toEqual([]);
    await expect.poll(() => server.sockets.size).toBe(0);
  });
});

describe('a host name that moves to another address', () => {
  it('is followed within 5 s, without an error', async () => {
    const clock = createTestClock();
    let address = '127.0.0.1';
    await using old = await startFaultServer(() => well);
    await using moved = await startFaultServer(() => well, old.port, '127.0.0.2');
    await using way = openUpstream(
      `http://upstream.test:${old.port}`,
      {},
      { clock, lookup: lookupOf(() => address) },
    );
    const callMany = () => Promise.all(Array.from({ length: 10 }, (_, nth) => way.call({ id: String(nth) })));
    expect(new Set((await callMany()).map(titleOf))).toEqual(new Set(['token-1']));
    address = '127.0.0.2';
    for (let nth = 0; nth < 5; nth += 1) {
      clock.advance(1000);
      expect(new Set((await callMany()).map(titleOf))).toEqual(new Set(['token-1']));
    }
    const askedBefore = old.asked.length;
    await callMany();
    expect(old.asked.length).toBe(askedBefore);
    expect(moved.asked.length).toBeGreaterThanOrEqual(10);
  });

  it('is followed after a pause, too, and the old connections are closed', async () => {
    const clock = createTestClock();
    let address = '127.0.0.1';
    await using old = await startFaultServer(() => well);
    await using moved = await startFaultServer(() => well, old.port, '127.0.0.2');
    await using way = openUpstream(
      `http://upstream.test:${old.port}`,
      {},
      { clock, lookup: lookupOf(() => address) },
    );
    await Promise.all(['1', '2', '3'].map((id) => way.call({ id })));
    address = '127.0.0.2';
    clock.advance(5000);
    expect(titleOf(await way.call())).toBe('token-1');
    expect(moved.asked).toHaveLength(1);
    // Sooner than by their idle timeout of 4 s.
    await expect.poll(() => old.sockets.size, { timeout: 2000 }).toBe(0);
  });
});

/** A name resolver with answers that the test sets. It counts its lookups. */
function createTestResolver() {
  const resolver = {
    /** Addresses, or an error code. Undefined: there is no answer. */
    says: ['127.0.0.1'] as readonly string[] | string | undefined,
    asked: 0,
    lookup: ((_name, { all }, callback) => {
      resolver.asked += 1;
      const { says } = resolver;
      if (says === undefined) return;
      if (typeof says === 'string') return callback(Object.assign(new Error(says), { code: says }), []);
      const [first = ''] = says;
      if (all)
        callback(
          null,
          says.map((address) => ({ address, family: 4 })),
        );
      else callback(null, first, 4);
    }) as LookupFunction,
  };
  return resolver;
}

describe('a host name that cannot be resolved any more', () => {
  it.each(['ENOTFOUND', 'EAI_AGAIN', []])(
    'is served by its last known addresses, reported once in 10 s, and followed again later (%j)',
    async (says) => {
      const clock = createTestClock();
      const resolver = createTestResolver();
      await using server = await startFaultServer(() => well);
      await using moved = await startFaultServer(() => well, server.port, '127.0.0.2');
      const { lookup } = resolver;
      await using way = openUpstream(
        `http://upstream.test:${server.port}`,
        { reuseConnections: false },
        { clock, lookup },
      );
      expect(titleOf(await way.call())).toBe('token-1');
      resolver.says = says;
      for (let nth = 0; nth < 3; nth += 1) expect(titleOf(await way.call())).toBe('token-1');
      expect(server.asked).toHaveLength(4);
      const reason = typeof says === 'string' ? says : 'ENODATA';
      expect(way.events.filter(({ event }) => event === 'upstreamUnresolved')).toEqual([
        { event: 'upstreamUnresolved', reason },
      ]);
      // The last known address is still used a day later.
      clock.advance(86_400_000);
      expect(titleOf(await way.call())).toBe('token-1');
      resolver.says = ['127.0.0.2'];
      expect(titleOf(await way.call())).toBe('token-1');
      expect(moved.asked).toHaveLength(1);
    },
  );

  it('delays a call by 200 ms at most if the resolver does not answer, and is followed within 5 s', async () => {
    const clock = createTestClock();
    const resolver = createTestResolver();
    await using server = await startFaultServer(() => well);
    await using moved = await startFaultServer(() => well, server.port, '127.0.0.2');
    const { lookup } = resolver;
    await using way = openUpstream(
      `http://upstream.test:${server.port}`,
      { reuseConnections: false },
      { clock, lookup },
    );
    expect(titleOf(await way.call())).toBe('token-1');
    resolver.says = undefined;
    const first = way.call();
    await expect.poll(() => resolver.asked).toBe(2);
    clock.advance(200);
    expect(titleOf(await first)).toBe('token-1');
    // The other calls do not wait, and start no lookup: each would block a thread of the system's resolver.
    for (let nth = 0; nth < 20; nth += 1) expect(titleOf(await way.call())).toBe('token-1');
    expect(resolver.asked).toBe(2);
    expect(way.timers).toBe(0);

    resolver.says = ['127.0.0.2'];
    clock.advance(4800);
    expect(titleOf(await way.call())).toBe('token-1');
    expect(resolver.asked).toBe(3);
    expect(moved.asked).toHaveLength(1);
    expect(way.events).toContainEqual({ event: 'upstreamUnresolved', reason: 'NO_ANSWER' });
  });

  it('and never could be, is UPSTREAM_UNAVAILABLE, or a time-out if the resolver does not answer', async () => {
    const resolver = createTestResolver();
    const { lookup } = resolver;
    await using way = openUpstream('http://upstream.test:1', { timeoutMs: 200 }, { lookup });
    resolver.says = 'ENOTFOUND';
    expect(titleOf(await way.call())).toBe('unavailable');
    expect(way.events).toContainEqual({
      event: 'upstreamUnreachable',
      reason: 'ENOTFOUND',
      requestId: 'request-1',
    });
    resolver.says = undefined;
    expect(titleOf(await way.call())).toBe('timeout');
  });

  it('is looked up once for calls of the same moment', async () => {
    const resolver = createTestResolver();
    await using server = await startFaultServer(() => well);
    const { lookup } = resolver;
    await using way = openUpstream(`http://upstream.test:${server.port}`, {}, { lookup });
    await Promise.all(Array.from({ length: 5 }, (_, nth) => way.call({ id: String(nth) })));
    expect(server.connections).toBe(5);
    expect(resolver.asked).toBe(1);
  });
});

describe('a host name with several addresses', () => {
  const timeoutMs = 4000;
  const open = (port: number, addresses: readonly string[]) => {
    const resolver = createTestResolver();
    resolver.says = addresses;
    const { lookup } = resolver;
    return openUpstream(`http://upstream.test:${port}`, { timeoutMs, reuseConnections: false }, { lookup });
  };
  const timed = async (way: ReturnType<typeof open>) => {
    const startedAt = performance.now();
    const settled = await way.call();
    return { title: titleOf(settled), attempts: settled.attempts, tookMs: performance.now() - startedAt };
  };

  it('is reached by the second within its share of the time if the first does not answer, and later by the second at once', async () => {
    await using dead = await startDeafServer('127.0.0.2');
    await using server = await startFaultServer(() => well, dead.port);
    await using way = open(server.port, ['127.0.0.2', '127.0.0.1']);
    const first = await timed(way);
    expect(first).toMatchObject({ title: 'token-1', attempts: 1 });
    expect(first.tookMs).toBeGreaterThan(timeoutMs / 2 - 100);
    expect(first.tookMs).toBeLessThan(timeoutMs * 0.75);
    const second = await timed(way);
    expect(second).toMatchObject({ title: 'token-1', attempts: 1 });
    expect(second.tookMs).toBeLessThan(1000);
  });

  it('is reached by the first if the others refuse, even if its SYN is lost once', async () => {
    await using deaf = await startDeafServer('127.0.0.2');
    await using way = open(deaf.port, ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5']);
    const call = timed(way);
    setTimeout(() => deaf.hear(), 500);
    expect(await call).toMatchObject({ title: 'token-1', attempts: 1 });
  });

  it('is reached by the second at once if the first refuses', async () => {
    await using server = await startFaultServer(() => well);
    await using way = open(server.port, ['127.0.0.9', '127.0.0.1']);
    const { title, tookMs } = await timed(way);
    expect(title).toBe('token-1');
    expect(tookMs).toBeLessThan(1000);
  });
});
