import { equal, match } from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { launchBrowser } from '../test/support/browser.ts';
import { startTestGateway } from '../test/support/gateway.ts';

// Runs the commands of docs/frontends.md as they stand there, writes its files, and looks at the page that comes of it.

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/frontends.md'), 'utf8');
const [, rest = ''] = page.split('\n## A typed hook in five minutes\n');
const [section = ''] = rest.split('\n## ');

const blocks = [...section.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block = '']) => block);
const [startsGateway = '', makesApp = '', buildsApp = '', makesItLive = '', ...more] = blocks;
equal(more.length, 0, 'a block of commands that is not run here');
match(startsGateway, /^npm start$/m);
match(buildsApp, /^npm run dev$/m);
const files = [...section.matchAll(/^`([\w./]+)`:\n\n```tsx?\n(.*?)^```/gms)];
equal(files.length, 4);

const folder = mkdtempSync(join(tmpdir(), 'frontends-'));
symlinkSync(root, join(folder, 'conference-gateway'));
const app = join(folder, 'conferences');
const run = (commands: string, cwd: string) =>
  execFileSync('bash', ['-euo', 'pipefail', '-c', commands], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });

// In place of the first block: a port that is free, not 4000.
await using gateway = await startTestGateway();
try {
  run(makesApp, folder);
  for (const [, name = '', text = ''] of files)
    writeFileSync(join(app, name), text.replace('http://127.0.0.1:4000', gateway.url.origin));
  run(buildsApp.replace('npm run dev\n', ''), app);

  const port = await freePort();
  const vite = spawn('npx', ['vite', '--host', '127.0.0.1', '--port', String(port), '--strictPort'], {
    cwd: app,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const browser = await launchBrowser();
  try {
    await once(vite.stdout, 'data');
    const shown = await browser.newPage();
    const heading = async () => (await shown.locator('h1').textContent()) ?? '';
    await shown.goto(`http://127.0.0.1:${port}`);
    equal(await heading(), '产品发布会: 15');

    run(makesItLive, app);
    const live = shown.locator('h1', { hasText: /^项目周例会: \d+$/ });
    // vite may still have the former files.
    for (let reloads = 0; reloads < 10 && (await live.count()) === 0; reloads += 1) {
      await shown.reload();
      await live.waitFor({ timeout: 3_000 }).catch(() => undefined);
    }
    const first = await heading();
    match(first, /^项目周例会: \d+$/);
    await shown.waitForFunction((text) => document.querySelector('h1')?.textContent !== text, first);
    match(await heading(), /^项目周例会: \d+$/);
  } finally {
    await browser.close();
    // With what npx has started.
    if (vite.pid !== undefined) process.kill(-vite.pid);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log('docs/frontends.md: leads to a page that moves');
