import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { compileCache } from './compile-cache.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The gateway in a process of its own, in production, from the sources. */
export interface GatewayProcess extends AsyncDisposable {
  readonly url: URL;
  /** The URL of its metrics, if `METRICS_PORT` is set. */
  readonly metricsUrl: URL;
  /** Its output on stdout and stderr. */
  readonly lines: readonly string[];
  /** The longest delay of its event loop since the last call, in milliseconds. */
  loopDelay(): Promise<number>;
  /** Its peak memory, in bytes. */
  peakBytes(): Promise<number>;
  /** Bytes that it allocates while the task runs, estimated by sampling. Includes those that are collected meanwhile. */
  allocatedDuring(task: () => Promise<void>): Promise<number>;
  /** Bytes that reach V8's old generation after a full garbage collection at the start of the task. */
  promotedDuring(task: () => Promise<void>): Promise<number>;
}

export async function startGatewayProcess(env: Readonly<Record<string, string>>): Promise<GatewayProcess> {
  const preloads = [
    import.meta.resolve('./loop-delay.ts'),
    import.meta.resolve('./heap-sampling.ts'),
    import.meta.resolve('./promotion.ts'),
  ];
  const child = spawn(process.execPath, [...preloads.map((file) => `--import=${file}`), 'src/main.ts'], {
    cwd: root,
    env: {
      ...compileCache,
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: '0',
      DRAIN_DELAY_MS: '0',
      DRAIN_TIMEOUT_MS: '100',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const lines: string[] = [];
  const started = Promise.withResolvers<{ url: string; metrics?: string }>();
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('no pipe to the process');
  createInterface({ input: stderr }).on('line', (line) => void lines.push(line));
  createInterface({ input: stdout }).on('line', (line) => {
    lines.push(line);
    const parsed = JSON.parse(line);
    if (parsed.event === 'started') started.resolve(parsed);
  });
  const exited = once(child, 'exit');
  void exited.then(() => started.reject(new Error(lines.join('\n'))));

  const ask = async <T>(message: string): Promise<T> => {
    const answer = once(child, 'message');
    child.send(message);
    const [answered] = await answer;
    return answered;
  };
  const measure = () => ask<{ delayMs: number; peakBytes: number }>('measure');

  const { url, metrics = url } = await started.promise;
  return {
    url: new URL(url),
    metricsUrl: new URL(metrics),
    lines,
    loopDelay: async () => (await measure()).delayMs,
    peakBytes: async () => (await measure()).peakBytes,
    async allocatedDuring(task) {
      await ask('sample');
      await task();
      return (await ask<{ bytes: number }>('allocated')).bytes;
    },
    async promotedDuring(task) {
      const running = task();
      await ask('collect');
      await running;
      return (await ask<{ bytes: number }>('promoted')).bytes;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
