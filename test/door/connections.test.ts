import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from '../support/process.ts';
import { record, startTestUpstream, type TestUpstream } from '../support/upstream.ts';
import { post } from './attack.ts';

let upstream: TestUpstream;
let gateway: GatewayProcess;
beforeAll(async () => {
  upstream = await startTestUpstream(record({ title: 'served' }));
  gateway = await startGatewayProcess({ UPSTREAM_URL: upstream.url, KEEP_ALIVE_MS: '3000' });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

const whole = post(' '.repeat(40_000), { connection: 'keep-alive' }).toString('latin1');
const head = whole.slice(0, whole.indexOf('\r\n\r\n') + 4);

/** The bytes that a slow client sends first, and then each second. */
const slow = [
  { what: 'say nothing', first: '', each: '' },
  { what: 'stop in the first line', first: 'POST /gra', each: '' },
  { what: 'stop in the headers', first: head.slice(0, -4), each: '' },
  { what: 'send a byte of a header each second', first: `${head.slice(0, -4)}\r\nx-a: `, each: 'a' },
  { what: 'send a header each second', first: head.slice(0, -2), each: 'x-a: 1\r\n' },
  { what: 'stop before the body', first: head, each: '' },
  { what: 'send a byte of the body each second', first: head, each: ' ' },
  {
    what: 'send a chunk each second',
    first: head.replace(/content-length: \d+/, 'transfer-encoding: chunked'),
    each: '1\r\n \r\n',
  },
  {
    what: 'are slow at the second request',
    first: `GET /livez HTTP/1.1\r\nhost: g\r\n\r\nGET /li`,
    each: 'v',
  },
  { what: 'send a blank line each second', first: '\r\n', each: '\r\n' },
];

async function open(first: string): Promise<Socket> {
  const socket = connect(Number(gateway.url.port), gateway.url.hostname);
  socket.on('error', () => undefined).resume();
  await once(socket, 'connect');
  if (first) socket.write(first);
  return socket;
}

describe.concurrent('300 slow connections', () => {
  it('are each closed within 15 s, and others are served meanwhile', async () => {
    const openedAt = performance.now();
    const open300 = slow.flatMap((kind) => Array.from({ length: 30 }, () => kind));
    const closings = open300.map(async ({ what, first, each }) => {
      const socket = await open(first);
      const dripping = each ? setInterval(() => socket.write(each), 1000) : undefined;
      const cut = setTimeout(() => socket.destroy(), 20_000);
      if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
      clearInterval(dripping);
      clearTimeout(cut);
      return { what, seconds: (performance.now() - openedAt) / 1000 };
    });

    const over = new AbortController();
    const served: number[] = [];
    const serving = (async () => {
      while (!over.signal.aborted) {
        const askedAt = performance.now();
        const response = await fetch(gateway.url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', token: 'neighbour' },
          body: '{"query":"{ conference(tempConferenceId: \\"1\\") { title } }"}',
        });
        expect(await response.json()).toEqual({ data: { conference: { title: 'served' } } });
        served.push(performance.now() - askedAt);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    })();

    const closed = await Promise.all(closings);
    over.abort();
    await serving;
    expect(closed.filter(({ seconds }) => seconds > 15)).toEqual([]);
    expect(served.length).toBeGreaterThan(50);
    expect(served.toSorted((a, b) => a - b)[Math.floor(served.length / 2)]).toBeLessThan(100);
  });
});

describe.concurrent('a connection that is idle after an answer', () => {
  it('is closed KEEP_ALIVE_MS after its last answer', async () => {
    const socket = await open('');
    const get = async () => {
      socket.write('GET /livez HTTP/1.1\r\nhost: g\r\n\r\n');
      const [answer] = await once(socket, 'data');
      return String(answer);
    };
    for (let answers = 0; answers < 3; answers += 1) {
      expect(await get()).toMatch(/^HTTP\/1\.1 200 /);
      await new Promise((resolve) => setTimeout(resolve, 2500));
    }
    expect(socket.closed).toBe(false);
    expect(await get()).toMatch(/^HTTP\/1\.1 200 /);
    const idleSince = performance.now();
    await once(socket, 'close');
    expect(performance.now() - idleSince).toBeGreaterThan(2900);
    expect(performance.now() - idleSince).toBeLessThan(6000);
  });
});
