import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

// Fills dist/compile-cache by running the bundle once, as the user that will run it later: `node build/warm.ts dist 1000`.
// V8 uses the cache only with the same V8 flags, so run this with the flags that the bundle will have.

const [dist = 'dist', user] = process.argv.slice(2);
const uid = user === undefined ? undefined : Number(user);
const cache = resolve(dist, 'compile-cache');
mkdirSync(cache, { recursive: true });
if (uid !== undefined) chownSync(cache, uid, uid);

const gateway = spawn(process.execPath, [...process.execArgv, join(dist, 'main.js')], {
  env: {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: '0',
    METRICS_PORT: '0',
    UPSTREAM_URL: 'http://127.0.0.1:9',
  },
  stdio: ['ignore', 'pipe', 'inherit'],
  ...(uid !== undefined && { uid, gid: uid }),
});
for await (const line of createInterface({ input: gateway.stdout })) {
  const { event, url, metrics } = JSON.parse(line);
  if (event !== 'started') continue;
  // The cache shall also contain the code that a first request needs.
  await fetch(`${url}?query={__typename}`);
  await fetch(metrics);
  gateway.kill('SIGTERM');
}
const [code] = gateway.exitCode === null ? await once(gateway, 'exit') : [gateway.exitCode];
if (code !== 0 || readdirSync(cache).length === 0)
  throw new Error('The bundle did not run, or left no cache.');
if (uid !== undefined) takeOwnership(cache);

// The user that runs the bundle must not be able to write code into the cache.
function takeOwnership(folder: string): void {
  const owner = process.getuid?.() ?? 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    chownSync(path, owner, owner);
    chmodSync(path, entry.isDirectory() ? 0o755 : 0o644);
  }
  chownSync(folder, owner, owner);
}
