import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Listening } from './listen.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** The gateway as anybody runs it. Its settings are the environment's: without `UPSTREAM_URL`, its simulator. */
export async function startConferences(env: NodeJS.ProcessEnv, port: number): Promise<Listening> {
  const child = spawn(process.execPath, [main], {
    env: { ...env, PORT: String(port), HOST: '127.0.0.1', INTROSPECTION: 'true' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  for await (const line of createInterface(child.stdout)) {
    const [url] = /http:\/\/127\.0\.0\.1:\d+\/graphql/.exec(line) ?? [];
    if (!url) continue;
    child.stdout.resume();
    return {
      url,
      async close() {
        child.kill();
        await ended;
      },
    };
  }
  throw new Error('The gateway did not start.');
}
