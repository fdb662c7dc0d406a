import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from '../support/process.ts';
import { record, startTestUpstream, type TestUpstream } from '../support/upstream.ts';

let upstream: TestUpstream;
let gateway: GatewayProcess;
const sockets: Socket[] = [];

/** Starts a gateway whose upstream never answers, so that requests stay in progress. */
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

async function metric(name: string): Promise<number> {
  const text = await (await fetch(gateway.metricsUrl)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

const stalled = '/graphql?query={conference(tempConferenceId:%221%22){title}}';
const get = (path: string, headers = '') => `GET ${path} HTTP/1.1\r\nhost: g\r\ntoken: t\r\n${headers}\r\n`;

describe('invalid bytes behind a request in progress', () => {
  it('in 100,000 packets delay no other client, neither on arrival nor when the connection ends', async () => {
    await start();
    const { socket } = await open();
    socket.setNoDelay();
    socket.write(get(stalled));
    await expect.poll(() => metric('gateway_requests_under_way')).toBe(1);
    const before = await metric('process_cpu_seconds_total');
    for (let piece = 0; piece < 100_000; piece += 1) {
      socket.write('garbage\n');
      // So that each is a packet of its own.
      await new Promise((resolve) => setImmediate(resolve));
    }
    socket.destroy();
    await expect.poll(fastestLivez).toBeLessThan(100);
    // CPU time, because the machine is busy. It was 125 s when each packet added a listener, and the end of the connection removed them one
    // by one.
    expect((await metric('process_cpu_seconds_total')) - before).toBeLessThan(2);
  });
});

describe('pipelined requests', () => {
  it('in one write of 57 kB block the event loop for at most 50 ms, and are all answered in order', async () => {
    await start();
    const delays: number[] = [];
    // Other processes on the machine delay the event loop too, but rarely each time: the smallest delay counts.
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

  it('that wait free their places when their connection ends', async () => {
    const held: (() => void)[] = [];
    await using answering = await startTestUpstream((received, response) => {
      held.push(() => record()(received, response));
    });
    await start({ UPSTREAM_URL: answering.url });
    // In each of ten rounds, hundreds of requests wait. Together they are more than the limit of 4,096.
    for (let time = 0; time < 10; time += 1) {
      const { socket } = await open();
      socket.write(get(stalled).repeat(700));
      await expect.poll(() => metric('gateway_requests_under_way')).toBe(16);
      socket.resetAndDestroy();
      // While requests wait, nothing is read of their connection: its end is noticed with the first answer.
      const underWay = () => {
        for (const answer of held.splice(0)) answer();
        return metric('gateway_requests_under_way');
      };
      await expect.poll(underWay).toBe(0);
    }
    const client = await open();
    client.socket.write(`${get('/livez').repeat(400)}${get('/livez', 'connection: close\r\n')}`);
    await new Promise((resolve) => client.socket.once('close', resolve));
    expect(client.received.match(/200 OK/g)).toHaveLength(401);
  });

  it('run 16 at a time: 12,000 that share one call take at most 20 MB', async () => {
    await start();
    const { socket } = await open();
    const before = await metric('process_resident_memory_bytes');
    socket.write(get(stalled).repeat(12_000));
    await expect.poll(() => metric('gateway_requests_under_way')).toBe(16);
    // This process has sent everything. When `/livez` has answered, the gateway has read as much of it as it wants.
    await expect.poll(() => socket.writableLength).toBe(0);
    await fetch(new URL('/livez', gateway.url));
    const grown = (await metric('process_resident_memory_bytes')) - before;
    // Twice the limit, for garbage that is not collected yet.
    expect(grown).toBeLessThan(2 * 20_000_000);
    expect(await metric('gateway_requests_under_way')).toBe(16);
  });
});
