import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { compileCache } from './compile-cache.ts';

/** A gateway in a process of its own, as in production, and its output. */
export interface WatchedProcess extends AsyncDisposable {
  readonly url: URL;
  readonly metricsUrl: URL;
  readonly output: { readonly stdout: string; readonly stderr: string };
  kill(signal: NodeJS.Signals): void;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
}

const sources = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** @param nodeOptions options of Node. `uid` runs it as another user, who must be able to read `runtime`. */
export async function startWatchedProcess(
  env: Readonly<Record<string, string>>,
  nodeOptions: readonly string[] = [],
  {
    program = sources,
    runtime = process.execPath,
    uid,
  }: { readonly program?: string; readonly runtime?: string; readonly uid?: number } = {},
): Promise<WatchedProcess> {
  const child = spawn(runtime, [...nodeOptions, program], {
    ...(uid !== undefined && { uid, gid: uid }),
    env: {
      // A bundle has its own cache.
      ...(program === sources && compileCache),
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: '0',
      METRICS_PORT: '0',
      DRAIN_DELAY_MS: '0',
      DRAIN_TIMEOUT_MS: '500',
      ...env,
    },
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (output.stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (output.stderr += String(chunk)));
  const ended = once(child, 'close').then(([code]: (number | null)[]) => code ?? null);
  const started = () => /^.*"event":"started".*$/m.exec(output.stdout)?.[0];
  let line = started();
  while (line === undefined) {
    await Promise.race([once(child.stdout, 'data'), ended]);
    if (child.exitCode !== null) throw new Error(`the gateway has ended: ${output.stderr}`);
    line = started();
  }
  const { url, metrics }: { url: string; metrics: string } = JSON.parse(line);
  return {
    url: new URL(url),
    metricsUrl: new URL(metrics),
    output,
    kill: (signal) => void child.kill(signal),
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
