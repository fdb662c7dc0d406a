import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { compileCache } from './compile-cache.ts';

/** A gateway in a process of its own, as it runs in production, with all that it writes. */
export interface WatchedProcess extends AsyncDisposable {
  readonly url: URL;
  readonly metricsUrl: URL;
  readonly output: { readonly stdout: string; readonly stderr: string };
  kill(signal: NodeJS.Signals): void;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
}

const sources = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** @param nodeOptions of the runtime, before the program; `uid` is another user to run it as, with a `runtime` that it may read. */
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
      // A bundle brings a cache of its own.
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
