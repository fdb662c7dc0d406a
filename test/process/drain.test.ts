import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { record, startTestUpstream } from '../support/upstream.ts';
import { startWatchedProcess, type WatchedProcess } from '../support/watched-process.ts';

/** An upstream that holds its answers until the test releases them, and a gateway with one request in progress. */
async function startWithRequestUnderWay(env: Readonly<Record<string, string>> = {}) {
  const asked = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<void>();
  const upstream = await startTestUpstream((received, response) => {
    asked.resolve();
    void answered.promise.then(() => record({ title: 'late' })(received, response));
  });
  const gateway = await startWatchedProcess({
    UPSTREAM_URL: upstream.url,
    DRAIN_TIMEOUT_MS: '20000',
    UPSTREAM_TIMEOUT_MS: '30000',
    ...env,
  });
  const client = await open(gateway);
  client.socket.write(post('1'));
  await asked.promise;
  return {
    gateway,
    client,
    answer: () => answered.resolve(),
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

function post(id: string): string {
  const body = JSON.stringify({ query: `{ conference(tempConferenceId: "${id}") { title } }` });
  return `POST /graphql HTTP/1.1\r\nhost: g\r\ntoken: t\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nhost: g\r\n\r\n`;

async function open({ url }: Pick<WatchedProcess, 'url'>) {
  const socket = connect(Number(url.port), url.hostname);
  const client = { socket, received: '', closed: closed(socket) };
  socket.setEncoding('latin1').on('data', (text: string) => (client.received += text));
  await once(socket, 'connect');
  return client;
}

/** Waits for an answer on a new connection: then the gateway has also read what was sent before on other connections. */
async function allRead(gateway: WatchedProcess): Promise<void> {
  const { socket } = await open(gateway);
  socket.write(get('/livez'));
  await once(socket, 'data');
}

// Not `once`: it would reject if the socket emits an error, as this one may.
function closed(socket: Socket): Promise<void> {
  socket.on('error', () => undefined);
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

const linesOf = ({ output }: WatchedProcess, event: string): Record<string, unknown>[] =>
  output.stdout
    .split('\n')
    .filter((line) => line.includes(`"event":"${event}"`))
    .map((line) => JSON.parse(line));

const until = (gateway: WatchedProcess, event: string) =>
  expect.poll(() => linesOf(gateway, event), { interval: 5 }).not.toEqual([]);

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a second signal', () => {
  it.each([
    { first: 'SIGTERM', second: 'SIGINT', apartMs: 0 },
    { first: 'SIGINT', second: 'SIGTERM', apartMs: 0 },
    { first: 'SIGTERM', second: 'SIGTERM', apartMs: 200 },
    { first: 'SIGINT', second: 'SIGINT', apartMs: 200 },
  ] as const)(
    '($second, $apartMs ms after $first) ends the process at once, with exit code 1 and a line that says what was cut',
    async ({ first, second, apartMs }) => {
      await using scene = await startWithRequestUnderWay();
      const { gateway } = scene;
      gateway.kill(first);
      await until(gateway, 'stopping');
      await pause(apartMs);
      const sentAt = performance.now();
      gateway.kill(second);
      expect(await gateway.ended).toBe(1);
      // Without the second signal, the drain would take 20 s.
      expect(performance.now() - sentAt).toBeLessThan(2000);
      expect(linesOf(gateway, 'cut')).toMatchObject([
        { level: 'warn', reason: `a second signal: ${second}`, connections: 1, requests: 1 },
      ]);
      expect(linesOf(gateway, 'stopped')).toEqual([]);
    },
  );

  it('that is the same within 100 ms counts as the first one', async () => {
    await using scene = await startWithRequestUnderWay();
    const { gateway, client } = scene;
    gateway.kill('SIGINT');
    await pause(10);
    gateway.kill('SIGINT');
    await until(gateway, 'stopping');
    scene.answer();
    expect(await gateway.ended).toBe(0);
    expect(client.received).toMatch(/^HTTP\/1\.1 200 [^]*"title":"late"/);
    expect(linesOf(gateway, 'cut')).toEqual([]);
  });

  it('ends the process, however fast it is repeated: only the first 100 ms count as one', async () => {
    await using scene = await startWithRequestUnderWay();
    const { gateway } = scene;
    gateway.kill('SIGINT');
    await pause(60);
    gateway.kill('SIGINT');
    await pause(60);
    gateway.kill('SIGINT');
    expect(await gateway.ended).toBe(1);
    expect(linesOf(gateway, 'cut')).toMatchObject([{ reason: 'a second signal: SIGINT', requests: 1 }]);
  });
});

describe('SIGHUP', () => {
  it('does not end a drain: systemd (SendSIGHUP) and a terminal send it beside SIGTERM', async () => {
    await using scene = await startWithRequestUnderWay();
    const { gateway, client } = scene;
    gateway.kill('SIGTERM');
    await until(gateway, 'stopping');
    gateway.kill('SIGHUP');
    await allRead(gateway).catch(() => undefined);
    scene.answer();
    expect(await gateway.ended).toBe(0);
    expect(client.received).toMatch(/^HTTP\/1\.1 200 [^]*"title":"late"/);
  });

  it('begins a drain where there is no file to read again, and SIGTERM after it is the first of two', async () => {
    await using scene = await startWithRequestUnderWay();
    const { gateway, client } = scene;
    gateway.kill('SIGHUP');
    await until(gateway, 'stopping');
    gateway.kill('SIGHUP');
    gateway.kill('SIGTERM');
    await allRead(gateway).catch(() => undefined);
    scene.answer();
    expect(await gateway.ended).toBe(0);
    expect(client.received).toMatch(/^HTTP\/1\.1 200 [^]*"title":"late"/);
    expect(linesOf(gateway, 'stopping')).toMatchObject([{ signal: 'SIGHUP' }]);
    expect(linesOf(gateway, 'cut')).toEqual([]);
  });
});

describe('while the process drains', () => {
  it('it is not ready, but accepts connections for DRAIN_DELAY_MS, and each answer closes its connection; then it accepts none', async () => {
    const delayMs = 1500;
    await using scene = await startWithRequestUnderWay({ DRAIN_DELAY_MS: String(delayMs) });
    const { gateway, client } = scene;
    gateway.kill('SIGTERM');
    await until(gateway, 'stopping');
    const stoppingAt = performance.now();
    const late = await open(gateway);
    late.socket.write(get('/readyz'));
    await late.closed;
    expect(late.received).toMatch(/^HTTP\/1\.1 503 [^]*\r\nconnection: close\r\n/i);
    const served = await open(gateway);
    served.socket.write(get('/graphql?query={__typename}'));
    await served.closed;
    expect(served.received).toMatch(/^HTTP\/1\.1 200 [^]*\r\nconnection: close\r\n/i);
    await expect
      .poll(
        async () =>
          open(gateway).then(
            ({ socket }) => void socket.destroy(),
            () => 'refused',
          ),
        {
          interval: 20,
        },
      )
      .toBe('refused');
    expect(performance.now() - stoppingAt).toBeGreaterThan(delayMs - 200);
    scene.answer();
    await client.closed;
    expect(client.received).toMatch(/^HTTP\/1\.1 200 [^]*\r\nconnection: close\r\n[^]*"title":"late"/i);
    expect(await gateway.ended).toBe(0);
  });

  it('all pipelined requests are answered, and the last answer closes the connection', async () => {
    await using scene = await startWithRequestUnderWay({ DRAIN_DELAY_MS: '500' });
    const { gateway, client } = scene;
    client.socket.write(get('/graphql?query={second:__typename}') + get('/graphql?query={third:__typename}'));
    await allRead(gateway);
    gateway.kill('SIGTERM');
    await until(gateway, 'stopping');
    client.socket.write(get('/graphql?query={fourth:__typename}'));
    await allRead(gateway);
    scene.answer();
    await client.closed;
    expect(client.received.match(/"title":"late"|second|third|fourth/g)).toEqual([
      '"title":"late"',
      'second',
      'third',
      'fourth',
    ]);
    expect(client.received.match(/^connection: .*/gim)).toEqual([
      'Connection: keep-alive',
      'Connection: keep-alive',
      'Connection: keep-alive',
      'Connection: close',
    ]);
    expect(await gateway.ended).toBe(0);
  });

  it.each([
    { what: 'has said nothing', bytes: '' },
    { what: 'holds half a head', bytes: 'POST /graphql HTTP/1.1\r\nhost: g\r\n' },
    { what: 'holds half a body', bytes: post('1').slice(0, -5) },
    { what: 'has idled since an answer', bytes: get('/livez'), answered: true },
    {
      what: 'holds half a request since an answer',
      bytes: get('/livez') + get('/livez').slice(0, -4),
      answered: true,
    },
  ])('a client that $what delays the end by at most a second', async ({ bytes, answered = false }) => {
    await using gateway = await startWatchedProcess({
      UPSTREAM_URL: 'http://127.0.0.1:9',
      DRAIN_TIMEOUT_MS: '20000',
    });
    const client = await open(gateway);
    client.socket.write(bytes);
    if (answered) await expect.poll(() => client.received).toMatch(/^HTTP\/1\.1 200 /);
    await allRead(gateway);
    const sentAt = performance.now();
    gateway.kill('SIGTERM');
    expect(await gateway.ended).toBe(0);
    // The promised second, and another one for a busy machine.
    expect(performance.now() - sentAt).toBeLessThan(2000);
    expect(linesOf(gateway, 'cut')).toEqual([]);
  });

  it('the limits on slow clients still apply to a request that arrives slowly after a running one', async () => {
    await using scene = await startWithRequestUnderWay();
    const { gateway, client } = scene;
    client.socket.write(post('2').slice(0, -5));
    gateway.kill('SIGTERM');
    await until(gateway, 'stopping');
    // Longer than the 13 s that a request may take to arrive, and the check once a second.
    await pause(14_500);
    scene.answer();
    await client.closed;
    expect(client.received.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200']);
    expect(await gateway.ended).toBe(0);
  });

  it('everything that is still open after DRAIN_TIMEOUT_MS is cut, with a line that says what, and exit code 0', async () => {
    await using scene = await startWithRequestUnderWay({ DRAIN_TIMEOUT_MS: '300' });
    const { gateway } = scene;
    gateway.kill('SIGTERM');
    expect(await gateway.ended).toBe(0);
    expect(linesOf(gateway, 'cut')).toMatchObject([
      { reason: 'DRAIN_TIMEOUT_MS', connections: 1, requests: 1 },
    ]);
    expect(linesOf(gateway, 'stopped')).toHaveLength(1);
  });
});

describe('a signal during the start', () => {
  it('drains the process as soon as it has started', async () => {
    const preload = new URL('../support/early-signal.ts', import.meta.url).href;
    await using gateway = await startWatchedProcess({ UPSTREAM_URL: 'http://127.0.0.1:9' }, [
      '--import',
      preload,
    ]);
    expect(await gateway.ended).toBe(0);
    expect(linesOf(gateway, 'stopped')).toHaveLength(1);
  });
});
