import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { compileCache } from '../support/compile-cache.ts';
import { createFifo, type Fifo, withWriter } from '../support/fifo.ts';
import { scrapeAt } from '../support/metrics.ts';
import { record, startTestUpstream } from '../support/upstream.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

const main = new URL('../../src/main.ts', import.meta.url).pathname;
const heldMemory = import.meta.resolve('../support/held-memory.ts');

/** Starts the gateway with this pipe as its log, and reads its URL there. */
async function start(fifo: Fifo, env: Readonly<Record<string, string>>) {
  const reader = fifo.read();
  const child = withWriter(fifo, (fd) =>
    spawn(process.execPath, ['--expose-gc', '--import', heldMemory, main], {
      env: {
        ...compileCache,
        NODE_ENV: 'production',
        HOST: '127.0.0.1',
        PORT: '0',
        METRICS_PORT: '0',
        ...env,
      },
      stdio: ['ignore', fd, 'inherit', 'ipc'],
    }),
  );
  children.push(child);
  const ended = once(child, 'exit').then(([code]: unknown[]) => code);
  const lines = await reader.until(/"event":"started".*\n/);
  const { url, metrics }: { url: string; metrics: string } = JSON.parse(
    /^.*"event":"started".*$/m.exec(lines)?.[0] ?? '',
  );
  return {
    child,
    ended,
    reader,
    url,
    metrics: async () => (await scrapeAt(new URL(metrics))).values,
    async heldBytes() {
      const answer = once(child, 'message');
      child.send('memory');
      const [bytes] = await answer;
      return Number(bytes);
    },
  };
}

async function ask(url: string, query: string, id = 'any'): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', token: 't', 'x-request-id': id },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

const typename = { data: { __typename: 'Query' } };
const isJson = (line: string) => {
  try {
    return typeof JSON.parse(line) === 'object';
  } catch {
    return false;
  }
};
const linesIn = (text: string) => text.split('\n').filter((line) => line !== '');

// Many fields deviate from the contract. Each deviation is a line in the log at the level debug.
const odd = Object.fromEntries(
  'title hostId userName userEmail userMobile userIP startTime stopTime status connectionCount shareCount eventId'
    .split(' ')
    .map((name) => [name, { odd: true }]),
);
const ids = Array.from({ length: 100 }, (_, at) => `"${at}"`).join(',');
const hundred = `{ conferences(tempConferenceIds: [${ids}]) { tempConferenceId } }`;

describe("the log's reader", () => {
  it('may leave and come back: requests are served, and the lines of the meantime are not lost', async () => {
    using fifo = createFifo();
    await using upstream = await startTestUpstream(record());
    const gateway = await start(fifo, { UPSTREAM_URL: upstream.url });
    await gateway.reader.leave();
    for (const id of ['away-1', 'away-2', 'away-3'])
      expect(await ask(gateway.url, '{ __typename }', id)).toEqual(typename);

    const next = fifo.read();
    const lines = await next.until(/away-3/);
    expect(linesIn(lines).map((line) => JSON.parse(line).requestId)).toEqual(['away-1', 'away-2', 'away-3']);
    expect((await gateway.metrics()).get('gateway_log_lines_dropped_total')).toBe(0);
    gateway.child.kill('SIGTERM');
    expect(await gateway.ended).toBe(0);
    expect(await next.until(/"event":"stopped"/)).toContain('"event":"stopping"');
  });

  it('may stop reading for 200,000 lines: memory is bounded, dropped lines are counted and reported, and no line is torn', async () => {
    using fifo = createFifo();
    await using upstream = await startTestUpstream(record(odd));
    const gateway = await start(fifo, { UPSTREAM_URL: upstream.url, LOG_LEVEL: 'debug' });
    const load = async (requests: number) => {
      for (let at = 0; at < requests; at += 2)
        await Promise.all(
          [1, 2].map(async () => expect(await ask(gateway.url, hundred)).not.toHaveProperty('errors')),
        );
      await ask(gateway.url, '{ __typename }', 'end-of-load');
    };
    const warmUp = 20;
    await load(warmUp);
    const read = await gateway.reader.until(/end-of-load/);
    // Requests share calls, and each shared call is one line less: more than in the warm-up, as the process gets faster.
    const requests = Math.ceil((250_000 * warmUp) / linesIn(read).length);
    const before = await gateway.heldBytes();
    gateway.reader.standStill();
    await load(requests);
    const heldMore = (await gateway.heldBytes()) - before;
    const dropped = (await gateway.metrics()).get('gateway_log_lines_dropped_total') ?? 0;
    expect(dropped).toBeGreaterThan(100_000);
    // 8 MB of text, and the memory that JavaScript needs for each line.
    expect(heldMore).toBeLessThan(12e6);

    gateway.reader.goOn();
    await gateway.reader.until(/logLinesDropped/);
    await ask(gateway.url, '{ __typename }', 'the-last');
    const text = (await gateway.reader.until(/"the-last"/)).slice(read.length);
    // Each line is complete.
    const lines = linesIn(text).map((line) => JSON.parse(line));
    const told = lines.filter(({ event }) => event === 'logLinesDropped');
    expect(told.reduce((sum, { lines }) => sum + lines, 0)).toBe(dropped);
    expect(lines.length + dropped).toBeGreaterThan(200_000);
  }, 120_000);

  it('may leave after it stopped reading: the next reader gets whole lines, except for the two that were cut', async () => {
    using fifo = createFifo();
    await using upstream = await startTestUpstream(record(odd));
    const gateway = await start(fifo, { UPSTREAM_URL: upstream.url, LOG_LEVEL: 'debug' });
    gateway.reader.standStill();
    for (let at = 0; at < 4; at += 1) await ask(gateway.url, hundred);
    await gateway.reader.leave();
    expect(await ask(gateway.url, '{ __typename }', 'away')).toEqual(typename);
    const lines = linesIn(await fifo.read().until(/"away".*\n/));
    const cut = lines.filter((line) => !isJson(line));
    expect(lines.length).toBeGreaterThan(1000);
    // The rest of the line that the first reader was reading, and the line that was being written when it left.
    expect(cut.length).toBeLessThanOrEqual(2);
  });

  it('may be behind when the process ends, and still gets the last line', async () => {
    using fifo = createFifo();
    await using upstream = await startTestUpstream(record(odd));
    const gateway = await start(fifo, {
      UPSTREAM_URL: upstream.url,
      LOG_LEVEL: 'debug',
      DRAIN_DELAY_MS: '0',
    });
    gateway.reader.standStill();
    for (let at = 0; at < 4; at += 1) await ask(gateway.url, hundred);
    gateway.child.kill('SIGTERM');
    gateway.reader.goOn();
    expect(await gateway.reader.until(/"event":"stopped"/)).toContain('"event":"stopping"');
    expect(await gateway.ended).toBe(0);
  });

  it('may stop reading while the process ends: it ends in time, with exit code 0', async () => {
    using fifo = createFifo();
    await using upstream = await startTestUpstream(record(odd));
    const gateway = await start(fifo, {
      UPSTREAM_URL: upstream.url,
      LOG_LEVEL: 'debug',
      DRAIN_DELAY_MS: '0',
    });
    gateway.reader.standStill();
    for (let at = 0; at < 4; at += 1) await ask(gateway.url, hundred);
    const asked = performance.now();
    gateway.child.kill('SIGTERM');
    expect(await gateway.ended).toBe(0);
    expect(performance.now() - asked).toBeLessThan(5000);
  });
});
