import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The gateway as a process of its own, in production, run from the sources. */
export interface GatewayProcess extends AsyncDisposable {
  readonly url: URL;
  /** Where its metrics are, if `METRICS_PORT` is set. */
  readonly metricsUrl: URL;
  /** What it wrote to stdout and stderr. */
  readonly lines: readonly string[];
  /** Milliseconds: the longest delay of its event loop since this was last asked. */
  loopDelay(): Promise<number>;
  /** The most memory that it has ever held. */
  peakBytes(): Promise<number>;
}

export async function startGatewayProcess(env: Readonly<Record<string, string>>): Promise<GatewayProcess> {
  const child = spawn(process.execPath, ['--import', import.meta.resolve('./loop-delay.ts'), 'src/main.ts'], {
    cwd: root,
    env: {
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

  const measure = async (): Promise<{ delayMs: number; peakBytes: number }> => {
    const answer = once(child, 'message');
    child.send('measure');
    const [measured] = await answer;
    return measured;
  };

  const { url, metrics = url } = await started.promise;
  return {
    url: new URL(url),
    metricsUrl: new URL(metrics),
    lines,
    loopDelay: async () => (await measure()).delayMs,
    peakBytes: async () => (await measure()).peakBytes,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
