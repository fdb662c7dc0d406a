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
import { openUpstream, titleOf } from '../support/open-upstream.ts';

const pem = (name: string) => readFileSync(new URL(`../fixtures/tls/${name}.pem`, import.meta.url), 'utf8');

/** A resolver of names that knows the address of the moment. */
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
    /** By which it was asked for. */
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

  it('is asked where its certificate is good, and its session is resumed', async () => {
    await using server = await startSecureUpstream('good');
    await using way = openUpstream(server.url, { reuseConnections: false }, { lookup });
    for (let nth = 0; nth < 3; nth += 1) expect(titleOf(await way.call())).toBe('token-1');
    expect(server.resumed).toBeGreaterThan(0);
    expect([...server.names]).toEqual(['upstream.test']);
  });

  it.each([
    { certificate: 'self-signed', reason: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
    { certificate: 'other-name', reason: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    { certificate: 'expired', reason: 'CERT_HAS_EXPIRED' },
    {
      certificate: 'other-name',
      reason: 'ERR_TLS_CERT_ALTNAME_INVALID',
      options: { maxVersion: 'TLSv1.2' as const },
    },
  ])(
    'whose certificate is $certificate is refused as $reason, time and again, and sees no token',
    async ({ certificate, reason, options }) => {
      await using server = await startSecureUpstream(certificate, options);
      await using way = openUpstream(server.url, {}, { lookup });
      for (let nth = 0; nth < 3; nth += 1) expect(titleOf(await way.call())).toBe('unavailable');
      expect(server.tokens).toEqual([]);
      expect(way.events).toContainEqual({ event: 'upstreamUnreachable', reason, requestId: 'request-1' });
    },
  );

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'whose certificate is refused is refused also where NODE_TLS_REJECT_UNAUTHORIZED is 0 (%s)',
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

  it('that speaks no TLS sees no token', async () => {
    await using server = await startFaultServer(() => well);
    await using way = openUpstream(`https://upstream.test:${server.port}`, { timeoutMs: 100 }, { lookup });
    expect(titleOf(await way.call())).toBe('timeout');
    expect(server.connections).toBe(1);
    expect(server.asked).toEqual([]);
    await expect.poll(() => server.sockets.size).toBe(0);
  });
});

describe('a name that moves to another address', () => {
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

  it('is followed also by who asks again after a pause, and the old connections are closed', async () => {
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
    // Sooner than by themselves: an idle one ends after 4 s.
    await expect.poll(() => old.sockets.size, { timeout: 2000 }).toBe(0);
  });
});
