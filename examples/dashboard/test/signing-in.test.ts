import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { cardOf, type Scene, startScene } from './support/scene.ts';

let scene: Scene;
before(async () => {
  scene = await startScene({ build: 'production' });
});
after(() => scene[Symbol.asyncDispose]());

describe('a page that was not built for the simulator', () => {
  it('asks for a token, keeps it in memory alone, and shows what it may see', async () => {
    const { page, requested } = await scene.open('?id=56039683');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    assert.equal(requested.some((url) => url.endsWith('/graphql')), false);

    await page.getByLabel('Token').fill('a-token-of-somebody');
    await page.getByRole('button', { name: 'Use this token' }).click();
    await cardOf(page, '56039683').getByRole('heading', { name: '项目周例会' }).waitFor();
    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href, document.body.innerHTML]),
    );
    assert.equal(kept.includes('a-token-of-somebody'), false);
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.context().close();
  });

  it('watches nothing of its own accord', async () => {
    const { page } = await scene.open();
    await page.getByLabel('Token').fill('dev-token');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'No conference on the list' }).waitFor();
    assert.equal(new URL(page.url()).search, '');
    await page.context().close();
  });

  it('says that a token is not accepted, and takes a new one', async () => {
    const { page } = await scene.open('?id=56039683', { locale: 'zh-CN' });
    await page.getByLabel('Token').fill('expired-token');
    await page.getByRole('button', { name: '使用此 token' }).click();
    await page.getByText('token 无效或已过期，请输入新的 token。').waitFor();
    await page.getByLabel('Token').fill('dev-token');
    await page.keyboard.press('Enter');
    await cardOf(page, '56039683').getByRole('heading', { name: '项目周例会' }).waitFor();
    await page.context().close();
  });

  it('refuses a token that no header can carry, before anything is sent', async () => {
    const { page, requested } = await scene.open('?id=56039683');
    await page.getByLabel('Token').fill('two words');
    await page.keyboard.press('Enter');
    await page.getByText('A token has visible ASCII characters only, no spaces.').waitFor();
    assert.equal(requested.some((url) => url.endsWith('/graphql')), false);
    await page.context().close();
  });

  it('shows a caller who may see nothing that it is not allowed', async () => {
    const { page } = await scene.open('?id=56039683');
    await page.getByLabel('Token').fill('forbidden-token');
    await page.keyboard.press('Enter');
    await cardOf(page, '56039683').getByText('Not allowed').waitFor();
    await page.context().close();
  });
});
