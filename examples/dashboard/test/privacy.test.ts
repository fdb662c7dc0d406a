import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { cardOf, type Scene, startScene } from './support/scene.ts';

let scene: Scene;
before(async () => {
  scene = await startScene();
});
after(() => scene[Symbol.asyncDispose]());
afterEach(async () => {
  for (const context of scene.browser.contexts()) await context.close();
});

const host = ['李四', 'lisi@example.com', '13800000001', '192.0.2.14', '北京'];

describe("the host's personal data", () => {
  it('are neither on the page nor asked for, until somebody wants to see them', async () => {
    const { page } = await scene.open('?id=56039683');
    const card = cardOf(page, '56039683');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.postData() ?? ''));
    await card.getByRole('heading', { name: '项目周例会' }).waitFor();
    for (const text of host) assert.equal((await page.content()).includes(text), false);

    await card.getByRole('button', { name: /^Show the host's personal data/ }).click();
    for (const text of host) await card.getByText(text, { exact: true }).waitFor();
    assert.equal(asked.filter((body) => body.includes('HostDetails')).length, 1);

    await card.getByRole('button', { name: /^Hide the host's personal data/ }).click();
    await card.getByText('lisi@example.com').waitFor({ state: 'detached' });
    for (const text of host) assert.equal((await page.content()).includes(text), false);
  });
});

describe("the participants' password", () => {
  it('is asked for on demand, and hidden again after a minute', async () => {
    const { page } = await scene.open('?id=56039692');
    const card = cardOf(page, '56039692');
    const password = card.getByText('80414027');
    await card.getByRole('heading', { name: '董事会闭门会议' }).waitFor();
    await page.clock.install();
    assert.equal(await password.isVisible(), false);
    await card.getByRole('button', { name: /^Show the password to join/ }).click();
    await password.waitFor();
    await page.clock.runFor(58_000);
    assert.ok(await password.isVisible());
    await page.clock.runFor(3000);
    await password.waitFor({ state: 'detached' });
    assert.equal((await page.content()).includes('80414027'), false);
  });

  it('says why, where it cannot be had', async () => {
    const { page } = await scene.open('?id=56039683');
    const card = cardOf(page, '56039683');
    await card.getByRole('heading', { name: '项目周例会' }).waitFor();
    await scene.stopGateway();
    await card.getByRole('button', { name: /^Show the password to join/ }).click();
    await card.getByRole('alert').waitFor();
    await scene.restartGateway();
  });
});

describe('another token', () => {
  it('takes everything away that the one before was shown', async () => {
    const { page } = await scene.open('?id=56039683');
    const card = cardOf(page, '56039683');
    await card.getByRole('button', { name: /^Show the host's personal data/ }).click();
    await card.getByText('lisi@example.com').waitFor();
    await page.getByRole('button', { name: 'Token', exact: true }).click();
    await page.getByLabel('Token').fill('forbidden-token');
    await page.keyboard.press('Enter');
    await card.getByText('Not allowed').waitFor();
    assert.equal((await page.content()).includes('lisi'), false);
  });
});

describe('the page', () => {
  it('asks no other host than its own', async () => {
    const { page, requested, complaints } = await scene.open();
    await page.locator('[data-connection="live"]').waitFor();
    await page.getByRole('button', { name: '中文' }).click();
    await page.getByRole('heading', { name: '会议实时看板' }).waitFor();
    assert.ok(requested.length > 3);
    assert.deepEqual(
      requested.filter((url) => !url.startsWith(scene.url)),
      [],
    );
    assert.deepEqual(complaints, []);
  });
});
