import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startWatchedProcess } from '../support/watched-process.ts';

const tls = (name: string) => readFileSync(new URL(`../fixtures/tls/${name}.pem`, import.meta.url));

/** A server with a self-signed certificate. It counts requests, and connections that the client has refused. */
async function startUntrusted() {
  const seen = { requests: 0, refusals: 0 };
  const server = createServer({ key: tls('key'), cert: tls('self-signed') }, (_request, response) => {
    seen.requests += 1;
    response.end('{"status":0,"result":null}');
  });
  const refused = () => void (seen.refusals += 1);
  // The client refuses during the handshake or right after it, depending on the TLS version.
  server
    .on('tlsClientError', refused)
    .on('secureConnection', (socket) => socket.once('close', refused).on('error', () => undefined));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}`,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('with NODE_TLS_REJECT_UNAUTHORIZED=0', () => {
  it('the certificates of the upstream and the collector are still checked, and one line says so', async () => {
    await using upstream = await startUntrusted();
    await using collector = await startUntrusted();
    await using gateway = await startWatchedProcess({
      UPSTREAM_URL: upstream.url,
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_BSP_SCHEDULE_DELAY: '50',
    });
    const answer = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', token: 'secret' },
      body: '{"query":"{ conference(tempConferenceId: \\"1\\") { title } }"}',
    });
    expect(await answer.text()).toContain('"UPSTREAM_UNAVAILABLE"');
    await expect.poll(() => Math.min(upstream.seen.refusals, collector.seen.refusals)).toBeGreaterThan(0);
    expect(upstream.seen.requests + collector.seen.requests).toBe(0);
    expect(gateway.output.stdout.match(/"event":"setting".*NODE_TLS_REJECT_UNAUTHORIZED/g)).toHaveLength(1);
    expect(gateway.output.stderr).toBe('');
  });
});
