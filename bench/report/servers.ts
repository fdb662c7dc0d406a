import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** A server under measurement, in a process of its own. */
export interface Server {
  readonly pid: number;
  readonly port: number;
  /** Milliseconds from its spawn to the first connection that it took. */
  readonly startMs: number;
  /** Sends a message to a module that was preloaded into the server, and returns its answer. */
  ask<T>(message: string): Promise<T>;
  stop(): Promise<void>;
}

/** How a server is started. */
export interface ServerKind {
  readonly title: string;
  /** The module that node runs, and flags before it. */
  readonly file: string;
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface CheapUpstream {
  readonly url: string;
  /** Calls since this was last asked. */
  calls(): Promise<number>;
  stop(): Promise<void>;
}

const fileOf = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** The servers of the report. `ours` runs as in production: the bundle, with its log in a pipe that is read, and its metrics on. */
export const serverKinds = {
  proxy: { title: 'bare proxy', file: fileOf('./peers/proxy.ts') },
  ours: {
    title: 'this gateway',
    file: fileOf('../../dist/main.js'),
    flags: startFlags(),
    env: { METRICS_PORT: '0', LOG_LEVEL: 'info' },
  },
  mercurius: { title: 'Mercurius, JIT', file: fileOf('./peers/mercurius.ts') },
  apollo: { title: 'Apollo Server', file: fileOf('./peers/apollo.ts') },
  yoga: { title: 'plain Yoga', file: fileOf('./peers/yoga.ts') },
} as const satisfies Record<string, ServerKind>;

export type ServerName = keyof typeof serverKinds;

/** The load and the upstream have the second core, the servers the first, one at a time. Without taskset, the system decides. */
const serverCore = '0';
const loadCore = '1';
const canPin = availableParallelism() > 1 && existsSync('/usr/bin/taskset');

/** Moves this process to the core of the load. */
export async function pinLoad(): Promise<boolean> {
  if (canPin) await once(spawn('taskset', ['-acp', loadCore, String(process.pid)], { stdio: 'ignore' }), 'exit');
  return canPin;
}

export async function startUpstream(): Promise<CheapUpstream> {
  const child = node(loadCore, [fileOf('./upstream.ts')], {}, 'ignore');
  const { port } = await answerOf<AddressInfo>(child);
  return {
    url: `http://127.0.0.1:${port}`,
    calls: () => {
      child.send('calls');
      return answerOf<number>(child);
    },
    stop: () => stop(child),
  };
}

/** Resolves once the server takes connections. */
export async function startServer(
  { file, flags = [], env = {} }: ServerKind,
  upstreamUrl: string,
): Promise<Server> {
  if (!existsSync(file)) throw new Error(`${file} is missing. Run \`npm ci && npm run build\` in its checkout.`);
  const port = await freePort();
  const startedAt = performance.now();
  const child = node(
    serverCore,
    [...flags, file],
    { ...env, NODE_ENV: 'production', HOST: '127.0.0.1', PORT: String(port), UPSTREAM_URL: upstreamUrl },
    'pipe',
  );
  // The pipe is read, as a log shipper would.
  child.stdout?.resume();
  while (!(await takesConnections(port))) {
    if (child.exitCode !== null) throw new Error(`${file} ended with ${child.exitCode}`);
    await sleep(2);
  }
  const startMs = performance.now() - startedAt;
  if (child.pid === undefined) throw new Error(`${file} has no process`);
  return {
    pid: child.pid,
    port,
    startMs,
    ask(message) {
      child.send(message);
      return answerOf(child);
    },
    stop: () => stop(child),
  };
}

function node(
  core: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  stdout: 'pipe' | 'ignore',
): ChildProcess {
  const command = [process.execPath, ...args];
  const [file = '', ...rest] = canPin ? ['taskset', '-c', core, ...command] : command;
  const { PATH = '' } = process.env;
  return spawn(file, rest, { env: { PATH, ...env }, stdio: ['ignore', stdout, 'inherit', 'ipc'] });
}

/** The flags of the engine in the gateway's own `npm start`. */
function startFlags(): readonly string[] {
  const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return String(scripts.start).match(/--\S*semi-space-size=\d+/g) ?? [];
}

async function answerOf<T>(child: ChildProcess): Promise<T> {
  const [message] = await once(child, 'message', { signal: AbortSignal.timeout(10_000) });
  return message;
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('A TCP server has an address');
  return address.port;
}
