import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from '../support/process.ts';
import { startTestUpstream, type TestUpstream } from '../support/upstream.ts';

/** Promised; what else runs on the machine of the test comes on top of it. */
const livezMs = 100;
const marginMs = 150;

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

/** Asks /livez again and again until the work is done, and gives the longest time that an answer took. */
async function longestLivez(work: Promise<unknown>): Promise<number> {
  const over = new AbortController();
  void work.finally(() => over.abort());
  let longest = 0;
  do {
    const askedAt = performance.now();
    expect((await fetch(new URL('/livez', gateway.url))).status).toBe(200);
    longest = Math.max(longest, performance.now() - askedAt);
  } while (!over.signal.aborted);
  await work;
  return longest;
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(gateway.metricsUrl)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

const stalled = '/graphql?query={conference(tempConferenceId:%221%22){title}}';
const get = (path: string, headers = '') => `GET ${path} HTTP/1.1\r\nhost: g\r\ntoken: t\r\n${headers}\r\n`;

describe('bytes that are no HTTP behind a request that waits', () => {
  it('in ten thousand pieces, cost nothing: nobody else waits', async () => {
    await start();
    const { socket } = await open();
    socket.write(get(stalled));
    const pour = async () => {
      for (let piece = 0; piece < 10_000 && !socket.destroyed; piece += 1) {
        socket.write(`garbage ${piece}\r\n`);
        // Each in a packet of its own.
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const longest = await longestLivez(pour());
    expect(longest).toBeLessThan(livezMs + marginMs);
    expect(await gateway.loopDelay()).toBeLessThan(livezMs + marginMs);
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
