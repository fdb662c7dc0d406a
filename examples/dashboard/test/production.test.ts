import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../../test/support/browser.ts';
import { buildPage } from '../server/build.ts';
import { type GatewayProcess, startGateway } from '../server/gateway.ts';
import { serveDashboard } from '../server/serve.ts';
import { cardOf, folderOf, visit } from './support/scene.ts';

const folder = folderOf('production');
const read = (pattern: string) => globSync(pattern, { cwd: folder }).map((name) => readFileSync(`${folder}/${name}`));

describe('the production build', () => {
  it('is under 150 kB of script, gzipped', () => {
    const scripts = read('**/*.js');
    const bytes = scripts.reduce((sum, script) => sum + gzipSync(script).length, 0);
    assert.ok(scripts.length > 0);
    assert.ok(bytes < 150_000, `${bytes} bytes`);
  });

  it('holds no token', () => {
    const text = read('**/*.{js,html,css}').join('\n');
    assert.equal(text.includes('dev-token'), false);
  });

  it('allows no inline script, in a policy of its own', () => {
    const [html = ''] = read('index.html').map(String);
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1]?.replaceAll('&#39;', "'") ?? '';
    assert.match(policy, /default-src 'none'; script-src 'self';/);
    assert.equal(policy.includes('unsafe'), false);
    assert.equal(/<script(?![^>]* src=)/.test(html), false);
  });
});

describe('served by files alone, at a gateway of another origin', () => {
  let gateway: GatewayProcess;
  let page: Awaited<ReturnType<typeof serveDashboard>>;
  let browser: Browser;
  before(async () => {
    // The page's address first, which the gateway has to list; then the gateway's, which the page is built with.
    const reserved = await serveDashboard({ folder });
    const port = Number(new URL(reserved.url).port);
    await reserved[Symbol.asyncDispose]();
    gateway = await startGateway({
      CORS_ORIGINS: `http://127.0.0.1:${port}`,
      NODE_ENV: 'development',
      TRUSTED_DOCUMENTS_ONLY: 'true',
    });
    await buildPage({ VITE_GATEWAY_URL: gateway.url }, 'dist-cross-origin');
    const built = fileURLToPath(new URL('../dist-cross-origin', import.meta.url));
    page = await serveDashboard({ folder: built, port });
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
    await page[Symbol.asyncDispose]();
    await gateway[Symbol.asyncDispose]();
  });

  it('shows conferences live, asks for personal data, and breaks no policy', async () => {
    const { page: tab, complaints, requested } = await visit(browser, `${page.url}?id=56039683`);
    await tab.getByLabel('Token').fill('dev-token');
    await tab.keyboard.press('Enter');
    const card = cardOf(tab, '56039683');
    await card.getByRole('heading', { name: '项目周例会' }).waitFor();
    await card.getByRole('button', { name: /^Show the host's personal data/ }).click();
    await card.getByText('lisi@example.com').waitFor();
    await card.getByRole('button', { name: /^Show the password to join/ }).click();
    await card.getByText('123456').waitFor();
    assert.ok(requested.includes(gateway.url));
    assert.deepEqual(complaints, []);
  });

  it('reaches no host that the policy does not name', async () => {
    const { page: tab } = await visit(browser, page.url);
    const outcome = await tab.evaluate(async () => {
      const violated = new Promise((resolve) =>
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective)),
      );
      await fetch('http://127.0.0.1:9/').catch(() => undefined);
      return violated;
    });
    assert.equal(outcome, 'connect-src');
  });
});

describe('the manifest of its documents', () => {
  it('is all that its gateway executes', async () => {
    await using gateway = await startGateway();
    const ask = async (body: object) => {
      const response = await fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', token: 'dev-token' },
        body: JSON.stringify(body),
      });
      return response.json();
    };
    const manifest: Record<string, string> = JSON.parse(
      readFileSync(new URL('../src/generated/persisted-documents.json', import.meta.url), 'utf8'),
    );
    const queries = Object.entries(manifest).filter(([, text]) => text.startsWith('query'));
    assert.equal(queries.length, 2);
    for (const [documentId] of queries) {
      const { data, errors } = await ask({ documentId, variables: { id: '56039682' } });
      assert.equal(data.conference.status, 'IN_PROGRESS');
      assert.equal(errors, undefined);
    }
    const { errors } = await ask({ query: '{ conference(tempConferenceId: "56039682") { title } }' });
    assert.equal(errors[0].extensions.code, 'DOCUMENT_NOT_TRUSTED');
  });

  it('is not needed by a gateway that has none', async () => {
    await using gateway = await startGateway({ TRUSTED_DOCUMENTS: '' });
    await using served = await serveDashboard({ folder: folderOf('simulator'), gatewayUrl: gateway.url });
    const browser = await launchBrowser();
    const { page } = await visit(browser, `${served.url}?id=56039683`);
    await cardOf(page, '56039683').getByRole('heading', { name: '项目周例会' }).waitFor();
    await browser.close();
  });
});

describe('the schema that the types are made from', () => {
  it('is the one that the gateway prints for clients', async () => {
    const { execFileSync } = await import('node:child_process');
    const root = fileURLToPath(new URL('../../..', import.meta.url));
    const printed = execFileSync(process.execPath, ['src/commands/schema.ts', '--client'], { cwd: root });
    assert.equal(readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'), String(printed));
  });
});
