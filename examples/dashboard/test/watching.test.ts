import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { cardOf, type Scene, startScene, watchedIn } from './support/scene.ts';

let scene: Scene;
before(async () => {
  scene = await startScene({ env: { LIVE_INTERVAL_MS: '500' } });
});
after(() => scene[Symbol.asyncDispose]());

describe('opened without a watch-list, on the simulator', () => {
  it('watches conferences that move, and puts them into the address', async () => {
    const { page, complaints } = await scene.open();
    await page.locator('[data-connection="live"]').waitFor();
    const ids = watchedIn(page);
    assert.deepEqual(ids, ['56039683', '56039685', '56039684', '56039692']);
    for (const id of ids) await cardOf(page, id).locator('.attendees strong').waitFor();

    const attendees = cardOf(page, '56039683').locator('.attendees strong');
    const first = await attendees.innerText();
    assert.match(first, /^\d+$/);
    await page.waitForFunction(
      ([before]) => document.querySelector('.attendees strong')?.textContent !== before,
      [first],
      { timeout: 60_000 },
    );
    assert.deepEqual(complaints, []);
    await page.context().close();
  });
});

describe('a watch-list', () => {
  it('is the address: added to, put in order and taken from', async () => {
    const { page } = await scene.open('?id=56039683&id=56039684');
    await page.getByLabel('Conference ID').fill('56039692, 56039682');
    await page.getByRole('button', { name: 'Watch' }).click();
    await cardOf(page, '56039682').getByRole('heading', { name: '产品发布会' }).waitFor();
    assert.deepEqual(watchedIn(page), ['56039683', '56039684', '56039692', '56039682']);

    await page.getByRole('button', { name: 'Move earlier: 产品发布会' }).click();
    assert.deepEqual(watchedIn(page), ['56039683', '56039684', '56039682', '56039692']);
    const control = await page.evaluate(() => (document.activeElement as HTMLElement).dataset['control']);
    assert.equal(control, 'earlier');

    await page.getByRole('button', { name: 'Remove: 产品发布会' }).click();
    assert.deepEqual(watchedIn(page), ['56039683', '56039684', '56039692']);
    await page.goBack();
    await cardOf(page, '56039682').waitFor();
    assert.deepEqual(watchedIn(page), ['56039683', '56039684', '56039682', '56039692']);
    await page.context().close();
  });

  it('says so when a conference is on it already', async () => {
    const { page } = await scene.open('?id=56039683');
    await page.getByLabel('Conference ID').fill('56039683');
    await page.keyboard.press('Enter');
    await page.getByText('56039683 is already on the list.').waitFor();
    assert.deepEqual(watchedIn(page), ['56039683']);
    await page.context().close();
  });
});
