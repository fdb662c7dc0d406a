import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { compileCache } from '../support/compile-cache.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const children: ChildProcess[] = [];
afterEach(() => {
  for (const { pid } of children.splice(0)) if (pid !== undefined) killGroup(pid, 'SIGKILL');
});

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended.
  }
}

/** Starts a command in a process group of its own, and waits until its gateway listens. */
async function start(program: string, ...args: readonly string[]) {
  const child = spawn(program, args, {
    cwd: root,
    detached: true,
    env: {
      ...compileCache,
      PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
      HOME: process.env['HOME'],
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: '0',
      UPSTREAM_URL: 'http://127.0.0.1:9',
      DRAIN_DELAY_MS: '300',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const { pid, stdout } = child;
  if (pid === undefined || !stdout) throw new Error(`${program} cannot be started`);
  const ended = once(stdout, 'close');
  let output = '';
  stdout.on('data', (chunk) => (output += String(chunk)));
  while (!output.includes('"event":"started"')) await once(stdout, 'data');
  return {
    pid,
    end: async () => {
      await ended;
      return [...output.matchAll(/"event":"(stopping|stopped|cut)"/g)].map(([, event]) => event);
    },
  };
}

describe('a gateway', () => {
  it('that npm has started drains on Ctrl-C, which the terminal sends to both', async () => {
    const { pid, end } = await start('npm', 'start', '--silent');
    process.kill(-pid, 'SIGINT');
    expect(await end()).toEqual(['stopping', 'stopped']);
  });

  it('that npm has started drains on SIGTERM, which npm passes on', async () => {
    const { pid, end } = await start('npm', 'start', '--silent');
    process.kill(pid, 'SIGTERM');
    expect(await end()).toEqual(['stopping', 'stopped']);
  });

  it('that is PID 1, as in a container, drains on SIGTERM', async () => {
    const apart = ['unshare', '--user', '--pid', '--fork'];
    // If this user may not create a namespace, the test still shows that the gateway drains.
    const [program = '', ...args] =
      spawnSync(apart[0] ?? '', [...apart.slice(1), 'true']).status === 0 ? apart : ['env'];
    const { pid, end } = await start(program, ...args, process.execPath, 'src/main.ts');
    const [first = ''] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
    if (first) expect(readFileSync(`/proc/${first}/status`, 'utf8')).toMatch(/^NSpid:\t\d+\t1$/m);
    process.kill(Number(first || pid), 'SIGTERM');
    expect(await end()).toEqual(['stopping', 'stopped']);
  });
});
