import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { cardOf, type Scene, startScene } from './support/scene.ts';

let scene: Scene;
before(async () => {
  scene = await startScene({ env: { LIVE_INTERVAL_MS: '500' } });
});
after(() => scene[Symbol.asyncDispose]());

/** It starts over with each minute of the clock, and ends after 40 s: resolves while half of that lies before it. */
async function hasLongToGo(): Promise<void> {
  while (Date.now() % 60_000 > 20_000) await setTimeout(500);
}

describe("the simulator's conference that ends while it is watched", () => {
  it('says in both languages that it has ended, and when', { timeout: 150_000 }, async () => {
    await hasLongToGo();
    const visits = await Promise.all(
      ['en-GB', 'zh-CN'].map((locale) => scene.open('?id=56039685&id=56039683', { locale })),
    );
    const [english, chinese] = visits.map(({ page }) => cardOf(page, '56039685'));
    await english?.locator('.status-IN_PROGRESS').waitFor({ timeout: 30_000 });
    await english?.locator('.status-ENDED').waitFor({ timeout: 60_000 });
    await chinese?.locator('.status-ENDED').waitFor();
    assert.equal(await english?.locator('.status-ENDED').innerText(), 'Ended');
    assert.equal(await chinese?.locator('.status-ENDED').innerText(), '已结束');
    const ended = /\d\d:\d\d GMT\+8$/;
    assert.match((await english?.locator('.end dd').innerText()) ?? '', ended);
    assert.match((await chinese?.locator('.end dd').innerText()) ?? '', ended);
    await english?.getByRole('button', { name: 'Ask again' }).waitFor();
    // The other one goes on.
    await visits[0]?.page.locator('[data-connection="live"]').waitFor();
  });
});
