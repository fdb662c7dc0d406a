import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { startFaultServer } from '../support/fault-server.ts';
import { envelopeFor, flood, http, send, well } from '../support/faults.ts';
import { openUpstream, titleOf } from '../support/open-upstream.ts';

const maxBytes = 65_536;
const megabyte = Buffer.alloc(1_000_000, ' ');
const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(0x10000, ' '), Buffer.from('\r\n')]);
// 300 MB of zeros, compressed to 0.3 MB.
const bomb = gzipSync(Buffer.alloc(300_000_000), { level: 1 });

describe('an answer that is too large:', () => {
  it.each([
    {
      what: '300 MB, announced',
      fault: flood('HTTP/1.1 200 OK\r\ncontent-length: 300000000\r\n\r\n', megabyte),
      reason: 'too-large',
    },
    {
      what: '300 MB in chunks',
      fault: flood('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n', chunk),
      reason: 'too-large',
    },
    {
      what: '300 MB until the connection ends',
      fault: flood('HTTP/1.1 200 OK\r\n\r\n', megabyte),
      reason: 'too-large',
    },
    {
      what: '64 kB of headers',
      fault: flood('HTTP/1.1 200 OK\r\n', Buffer.from(`x: ${'x'.repeat(65_536)}\r\n`)),
      reason: 'too-large',
    },
    {
      what: 'a bomb',
      fault: send(http(bomb, { headers: 'content-encoding: gzip\r\n' })),
      reason: 'too-large',
    },
    {
      what: 'a small bomb',
      fault: send(http(bomb.subarray(0, 1000), { headers: 'content-encoding: gzip\r\n' })),
      reason: 'encoding',
    },
    { what: 'a byte more than it may be', fault: send(http('x'.repeat(maxBytes + 1))), reason: 'too-large' },
  ])('$what is refused as $reason within 50 ms of CPU and 20 MB', async ({ fault, reason }) => {
    await using server = await startFaultServer(({ token }) => (token === 'token-1' ? fault : well));
    await using way = openUpstream(server.url, { maxBytes });
    await way.call({ token: 'token-2' });
    const cpu = process.cpuUsage();
    const before = process.memoryUsage();
    const settled = await way.call();
    const { user, system } = process.cpuUsage(cpu);
    const after = process.memoryUsage();
    expect(settled).toMatchObject({ outcome: { kind: 'invalid-response', reason }, attempts: 1 });
    // Both figures include what the test's own server needs.
    expect((user + system) / 1000).toBeLessThan(50);
    expect(after.heapUsed + after.external - before.heapUsed - before.external).toBeLessThan(20_000_000);
    expect(titleOf(await way.call({ token: 'token-2' }))).toBe('token-2');
  });

  it('is accepted up to the last allowed byte', async () => {
    await using server = await startFaultServer(() =>
      send((asked) => http(envelopeFor(asked).padEnd(maxBytes))),
    );
    await using way = openUpstream(server.url, { maxBytes });
    expect(titleOf(await way.call())).toBe('token-1');
  });

  it.each([
    { status: 401, kind: 'unauthenticated' },
    { status: 403, kind: 'forbidden' },
    { status: 429, kind: 'unavailable' },
  ])('is $kind even if the HTTP status is $status', async ({ status, kind }) => {
    await using server = await startFaultServer(() => send(http('x'.repeat(2000), { status })));
    await using way = openUpstream(server.url, { maxBytes: 1000 });
    expect((await way.call()).outcome).toMatchObject({ kind, answered: { httpStatus: status } });
  });
});
