import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from '../support/process.ts';
import { startTestUpstream, type TestUpstream } from '../support/upstream.ts';

let upstream: TestUpstream;
let gateway: GatewayProcess;
const sockets: Socket[] = [];

/** A gateway whose upstream never answers, so that requests stay under way. */
async function start(env: Readonly<Record<string, string>> = {}) {
  upstream = await startTestUpstream(() => undefined);
  gateway = await startGatewayProcess({
    UPSTREAM_URL: upstream.url,
    UPSTREAM_TIMEOUT_MS: '20000',
    METRICS_PORT: '0',
    ...env,
  });
}
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

async function open(): Promise<{ readonly socket: Socket; received: string }> {
  const socket = connect(Number(gateway.url.port), gateway.url.hostname);
  const client = { socket, received: '' };
  sockets.push(socket);
  socket.on('error', () => undefined);
  socket.setEncoding('latin1').on('data', (text: string) => (client.received += text));
  await once(socket, 'connect');
  return client;
}

/** Milliseconds: what else runs on the machine delays it too, so the fastest of five answers counts. */
async function fastestLivez(): Promise<number> {
  let fastest = Infinity;
  for (let time = 0; time < 5; time += 1) {
    const askedAt = performance.now();
    expect((await fetch(new URL('/livez', gateway.url))).status).toBe(200);
    fastest = Math.min(fastest, performance.now() - askedAt);
  }
  return fastest;
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(gateway.metricsUrl)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

const stalled = '/graphql?query={conference(tempConferenceId:%221%22){title}}';
const get = (path: string, headers = '') => `GET ${path} HTTP/1.1\r\nhost: g\r\ntoken: t\r\n${headers}\r\n`;

describe('bytes that are no HTTP behind a request that waits', () => {
  it('in a hundred thousand pieces, cost nothing: nobody else waits, nor when the client has left', async () => {
    await start();
    const { socket } = await open();
    socket.setNoDelay();
    socket.write(get(stalled));
    await expect.poll(() => metric('gateway_requests_under_way')).toBe(1);
    const before = await metric('process_cpu_seconds_total');
    for (let piece = 0; piece < 100_000; piece += 1) {
      socket.write('garbage\n');
      // Each in a packet of its own.
      await new Promise((resolve) => setImmediate(resolve));
    }
    socket.destroy();
    await expect.poll(fastestLivez).toBeLessThan(100);
    // It was 125 s when each piece added a listener, which the end of the connection cleared one by one. CPU time, for a noisy machine.
    expect((await metric('process_cpu_seconds_total')) - before).toBeLessThan(2);
  });
});

describe('requests behind one another on a connection', () => {
  it('sent in one write of 57 kB, delay nobody by more than 50 ms, and are all answered in order', async () => {
    await start();
    const delays: number[] = [];
    // What else runs on the machine delays it too: one time of five has to be quiet.
    for (let time = 0; time < 5 && Math.min(...delays) > 50; time += 1) {
      const client = await open();
      const names = Array.from({ length: 800 }, (_, nth) => `a${nth % 10}`);
      const gets = names.map(
        (name) => `GET /graphql?query={${name}:__typename} HTTP/1.1\r\nhost: g\r\nx-pad: 1234567890\r\n`,
      );
      const bytes = `${gets.join('\r\n')}connection: close\r\n\r\n`;
      expect(bytes.length).toBeGreaterThan(57_000);
      await gateway.loopDelay();
      client.socket.write(bytes);
      await new Promise((resolve) => client.socket.once('close', resolve));
      delays.push(await gateway.loopDelay());
      expect([...client.received.matchAll(/"(a\d+)":"Query"/g)].map(([, name]) => name)).toEqual(names);
    }
    expect(Math.min(...delays)).toBeLessThanOrEqual(50);
  });

  it('are under way 16 at a time: 12,000 that share one call take 20 MB at most', async () => {
    await start();
    const { socket } = await open();
    const before = await metric('process_resident_memory_bytes');
    socket.write(get(stalled).repeat(12_000));
    await expect.poll(() => metric('gateway_requests_under_way')).toBe(16);
    // All has left this process, and what the gateway wants to read of it has been read by the second answer.
    await expect.poll(() => socket.writableLength).toBe(0);
    await fetch(new URL('/livez', gateway.url));
    const grown = (await metric('process_resident_memory_bytes')) - before;
    // The other half is for what a garbage collector has not yet found.
    expect(grown).toBeLessThan(2 * 20_000_000);
    expect(await metric('gateway_requests_under_way')).toBe(16);
  });
});
