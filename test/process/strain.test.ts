import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { compileCache } from '../support/compile-cache.ts';
import { type Container, createContainer } from '../support/container.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

interface Line {
  readonly event: string;
  readonly [field: string]: unknown;
}

/** Starts a gateway that the test can put under strain with a message. */
async function start(nodeOptions: readonly string[] = [], container?: Container) {
  const preload = import.meta.resolve('../support/pressure.ts');
  const command = [process.execPath, ...nodeOptions, '--import', preload, 'src/main.ts'];
  const [program = '', ...args] = container ? container.wrap(command) : command;
  const child = spawn(program, args, {
    cwd: root,
    env: {
      ...compileCache,
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: '0',
      METRICS_PORT: '0',
      UPSTREAM_URL: 'http://127.0.0.1:9',
    },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  children.push(child);
  let output = '';
  child.stdout?.on('data', (chunk) => (output += String(chunk)));
  const lines = (event: string, what?: string): Line[] =>
    output
      .split('\n')
      .filter((line) => line.includes(`"event":"${event}"`))
      .map((line) => JSON.parse(line))
      .filter((line) => what === undefined || line.what === what);
  while (lines('started').length === 0 && child.stdout) await once(child.stdout, 'data');
  const [started] = lines('started');
  const { url, metrics } = started ?? { url: '', metrics: '' };
  return {
    lines,
    press: (pressure: object) => void child.send(pressure),
    async metric(name: string): Promise<number> {
      const text = await (await fetch(String(metrics))).text();
      return Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${name} `))
          ?.slice(name.length),
      );
    },
    status: async (path: string) => (await fetch(new URL(path, String(url)))).status,
  };
}

describe('an event loop that is late', () => {
  it('by more than 250 ms for a second is reported once, and once when it is over; the replica stays ready', async () => {
    const gateway = await start();
    gateway.press({ blockMs: 350, times: 6 });
    await expect.poll(() => gateway.lines('strained', 'event-loop')).toHaveLength(1);
    expect(gateway.lines('strained', 'event-loop')[0]).toMatchObject({ level: 'warn', what: 'event-loop' });
    expect(gateway.lines('strained', 'event-loop')[0]?.['delayMs']).toBeGreaterThan(250);
    expect(await gateway.status('/readyz')).toBe(200);
    await expect
      .poll(() => gateway.lines('relieved', 'event-loop'))
      .toMatchObject([{ level: 'info', what: 'event-loop' }]);
    expect(gateway.lines('strained', 'event-loop')).toHaveLength(1);
  });

  it('is in a metric as long as it lasts', async () => {
    const gateway = await start();
    expect(await gateway.metric('gateway_strained{what="event-loop"}')).toBe(0);
    gateway.press({ blockMs: 1500 });
    await expect.poll(() => gateway.metric('gateway_strained{what="event-loop"}'), { interval: 5 }).toBe(1);
    await expect.poll(() => gateway.metric('gateway_strained{what="event-loop"}')).toBe(0);
  });
});

describe('a heap with more than 85 % live objects', () => {
  it('is reported once, and once when it is over', async () => {
    const gateway = await start(['--max-old-space-size=150']);
    gateway.press({ fillTo: 0.9 * 150 * 2 ** 20 });
    await expect.poll(() => gateway.lines('strained', 'heap')).toHaveLength(1);
    const [line] = gateway.lines('strained', 'heap');
    expect(line).toMatchObject({ level: 'warn', what: 'heap' });
    expect(Number(line?.['heapBytes']) / Number(line?.['heapLimitBytes'])).toBeGreaterThan(0.85);
    expect(await gateway.metric('gateway_strained{what="heap"}')).toBe(1);
    expect(await gateway.status('/readyz')).toBe(200);
    gateway.press({ fillTo: 0.5 * 150 * 2 ** 20 });
    await expect
      .poll(() => gateway.lines('relieved', 'heap'), { timeout: 20_000 })
      .toMatchObject([{ what: 'heap' }]);
    expect(await gateway.metric('gateway_strained{what="heap"}')).toBe(0);
    expect(gateway.lines('strained', 'heap')).toHaveLength(1);
  });
});

describe('the heap limit', () => {
  const mebibyte = 2 ** 20;

  it("is half of the container's memory", async () => {
    using container = createContainer(1024 * mebibyte);
    const gateway = await start([], container);
    const memory = container ? 1024 * mebibyte : totalmem();
    const expected = Math.min(Math.max(memory / 2, 256 * mebibyte), 4096 * mebibyte);
    expect((await gateway.metric('nodejs_heap_limit_bytes')) / expected).toBeCloseTo(1, 1);
  });

  it("is Node's option if it is set, without the memory for young objects", async () => {
    const gateway = await start(['--max-old-space-size=150', '--max-semi-space-size=64']);
    expect(await gateway.metric('nodejs_heap_limit_bytes')).toBe(150 * mebibyte);
  });
});
