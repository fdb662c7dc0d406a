import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { record, startTestUpstream, type TestUpstream } from '../support/upstream.ts';
import { startWatchedProcess, type WatchedProcess } from '../support/watched-process.ts';

let upstream: TestUpstream;
let gateway: WatchedProcess;
let release = () => {};
const sockets: Socket[] = [];

/** Starts a gateway whose upstream answers only after `release`, except for the ID `now`. */
async function start(env: Readonly<Record<string, string>> = {}) {
  const released = Promise.withResolvers<void>();
  release = () => released.resolve();
  upstream = await startTestUpstream(async (received, response) => {
    if (received.id !== 'now') await released.promise;
    record({ title: 'served' })(received, response);
  });
  gateway = await startWatchedProcess({ UPSTREAM_URL: upstream.url, UPSTREAM_TIMEOUT_MS: '20000', ...env });
}
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

async function open(bytes: string | Buffer) {
  const socket = connect(Number(gateway.url.port), gateway.url.hostname);
  const client = { socket, received: '' };
  sockets.push(socket);
  socket.on('error', () => undefined);
  socket.setEncoding('latin1').on('data', (text: string) => (client.received += text));
  await once(socket, 'connect');
  socket.write(bytes);
  return client;
}

function post(id: string, length?: number): string {
  const body = JSON.stringify({ query: `{ conference(tempConferenceId: "${id}") { title } }` });
  return `POST /graphql HTTP/1.1\r\nhost: g\r\ntoken: t\r\ncontent-type: application/json\r\ncontent-length: ${length ?? body.length}\r\n\r\n${body}`;
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(gateway.metricsUrl)).text();
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.slice(name.length),
  );
}

/** The fastest of five answers, in milliseconds: other processes on the machine delay some of them. */
async function fastestLivez(): Promise<number> {
  let fastest = Infinity;
  for (let time = 0; time < 5; time += 1) {
    const askedAt = performance.now();
    expect((await fetch(new URL('/livez', gateway.url))).status).toBe(200);
    fastest = Math.min(fastest, performance.now() - askedAt);
  }
  return fastest;
}

const overloaded =
  /^HTTP\/1\.1 503 [^]*\r\nretry-after: 1\r\n[^]*"extensions":\{"code":"OVERLOADED","retryable":true,"retryAfterSeconds":1\}/i;

describe('with MAX_REQUESTS in progress', () => {
  it('another request is OVERLOADED before its body has arrived, but health and metrics are served', async () => {
    await start({ MAX_REQUESTS: '2' });
    await open(post('1'));
    await open(post('2'));
    await expect.poll(() => metric('gateway_requests_under_way')).toBe(2);
    const third = await open(post('3', 100_000));
    await expect.poll(() => third.received).toMatch(overloaded);
    // These are neither counted nor refused.
    for (const path of ['/livez', '/readyz']) {
      const probe = await open(`GET ${path} HTTP/1.1\r\nhost: g\r\n\r\n`);
      await expect.poll(() => probe.received).toMatch(/^HTTP\/1\.1 200 /);
    }
    expect(await metric('gateway_requests_under_way')).toBe(2);
    expect(await metric('gateway_request_duration_seconds_count{outcome="OVERLOADED"}')).toBe(1);
    expect(gateway.output.stdout).toMatch(/"event":"request".*"httpStatus":503.*"codes":\["OVERLOADED"\]/);
    expect(upstream.received).toHaveLength(2);
  });

  it('a refused request does not close its connection, and the next one is served when there is a place', async () => {
    await start({ MAX_REQUESTS: '1' });
    const first = await open(post('1'));
    await expect.poll(() => upstream.received.length).toBe(1);
    // Longer than one chunk, so that the gateway has to discard the rest.
    const body = JSON.stringify({ query: '{ __typename }', variables: { pad: 'x'.repeat(120_000) } });
    const second = await open(
      `POST /graphql HTTP/1.1\r\nhost: g\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    await expect.poll(() => second.received).toMatch(overloaded);
    release();
    await expect.poll(() => first.received).toContain('"title":"served"');
    second.received = '';
    second.socket.write(post('now'));
    await expect.poll(() => second.received).toMatch(/^HTTP\/1\.1 200 [^]*"title":"served"/);
  });

  it('a client that leaves frees its place: after 1,000 of them, all places are free', async () => {
    await start({ MAX_REQUESTS: '50' });
    for (let round = 0; round < 20; round += 1) {
      const clients = await Promise.all(Array.from({ length: 25 }, async () => open(post('1') + post('2'))));
      await expect.poll(() => metric('gateway_requests_under_way')).toBe(50);
      for (const { socket } of clients) socket.destroy();
      await expect.poll(() => metric('gateway_requests_under_way')).toBe(0);
    }
    const client = await open(post('now'));
    await expect.poll(() => client.received).toMatch(/^HTTP\/1\.1 200 /);
    expect(await metric('gateway_request_bytes')).toBe(0);
  });
});

describe('bodies that never end', () => {
  it('take at most 64 MB; more are OVERLOADED, and /livez answers within 100 ms', async () => {
    await start();
    const before = await metric('process_resident_memory_bytes');
    const unfinished = Buffer.concat([Buffer.from(post('1', 131_072)), Buffer.alloc(130_000, ' ')]);
    const clients: Awaited<ReturnType<typeof open>>[] = [];
    for (let nth = 0; nth < 700; nth += 1) clients.push(await open(unfinished));
    await expect
      .poll(() => clients.filter(({ received }) => overloaded.test(received)).length)
      .toBeGreaterThan(150);
    // The gateway has read all that was sent.
    await expect.poll(() => metric('gateway_request_bytes')).toBeGreaterThan(60e6);
    expect(await metric('gateway_request_bytes')).toBeLessThanOrEqual(64 * 1024 * 1024);
    expect(await fastestLivez()).toBeLessThan(100);
    // Twice the limit, for buffers and garbage that is not collected yet.
    expect((await metric('process_resident_memory_bytes')) - before).toBeLessThan(130e6);
    for (const { socket } of clients) socket.destroy();
    await expect.poll(() => metric('gateway_request_bytes')).toBe(0);
    const client = await open(post('now'));
    await expect.poll(() => client.received).toMatch(/^HTTP\/1\.1 200 /);
  });
});
