import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { cardOf, type Scene, startScene } from './support/scene.ts';
import { type FaultyUpstream, startFaultyUpstream } from './support/upstream.ts';

let upstream: FaultyUpstream;
let scene: Scene;
before(async () => {
  upstream = await startFaultyUpstream();
  scene = await startScene({ env: { UPSTREAM_URL: upstream.url, LIVE_INTERVAL_MS: '200' } });
});
after(async () => {
  await scene[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});
afterEach(async () => {
  upstream.instead.clear();
  for (const context of scene.browser.contexts()) await context.close();
});

const streamsOf = (requested: readonly string[]) => requested.filter((url) => url.endsWith('/graphql')).length;

/** As a browser does when another tab comes to the front. */
const setHidden = (page: Page, hidden: boolean) =>
  page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);

describe('the stream', () => {
  it('is one for all cards, and the same in another order', async () => {
    const { page, requested } = await scene.open('?id=56039683&id=56039684&id=56039692');
    await cardOf(page, '56039692').getByRole('heading', { name: '董事会闭门会议' }).waitFor();
    await page.getByRole('button', { name: 'Move earlier: 董事会闭门会议' }).click();
    await page.getByRole('button', { name: 'Move later: 项目周例会' }).click();
    assert.equal(streamsOf(requested), 1);
  });

  it('is closed while the tab is hidden, and there again when it is seen', async () => {
    const { page, requested } = await scene.open('?id=56039683');
    await page.locator('[data-connection="live"]').waitFor();
    const closed = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/graphql'));
    await setHidden(page, true);
    await closed;
    await page.locator('[data-connection="paused"]').waitFor();
    upstream.instead.set('56039683', { attendeeCnt: 4321 });
    await setHidden(page, false);
    await cardOf(page, '56039683').locator('.attendees strong', { hasText: '4,321' }).waitFor();
    assert.equal(streamsOf(requested), 2);
  });
});

describe('a card', () => {
  it('has a clock that ticks between updates, and stands still when it has ended', async () => {
    // The contract's example, which never changes: no event comes after the first.
    const { page } = await scene.open('?id=56039682');
    const clock = cardOf(page, '56039682').getByRole('timer');
    await page.waitForFunction(() => document.querySelector('[role=timer]')?.textContent?.startsWith('1:00:0'));
    const first = await clock.innerText();
    await page.waitForFunction((first) => document.querySelector('[role=timer]')?.textContent !== first, first);

    upstream.instead.set('56039682', { status: 4, stopTime: 1715603600, confDuration: 3600 });
    await cardOf(page, '56039682').getByText('Ended', { exact: true }).first().waitFor();
    assert.equal(await clock.innerText(), '1:00:00');
    await cardOf(page, '56039682').getByText('13 May 2024, 20:33 GMT+8').waitFor();
    await page.locator('[data-connection="over"]').waitFor();
  });

  it('tells yes, no and unknown apart', async () => {
    upstream.instead.set('56039683', { isSecureConf: true, isRecord: false });
    const { page } = await scene.open('?id=56039683&id=56039690&id=56039682');
    const badges = (id: string) => cardOf(page, id).locator('.badges').innerText();
    await cardOf(page, '56039690').getByText('Confidentiality unknown').waitFor();
    assert.deepEqual((await badges('56039683')).split('\n'), ['Confidential', 'Not recording']);
    assert.deepEqual((await badges('56039690')).split('\n'), ['Confidentiality unknown', 'Recording unknown']);
    assert.deepEqual((await badges('56039682')).split('\n'), ['Not confidential', 'Recording']);
  });

  it('says of what is null that it is unknown, not 0', async () => {
    const { page } = await scene.open('?id=56039690');
    const card = cardOf(page, '56039690');
    await card.getByText('The number of attendees is not known.').waitFor();
    assert.equal(await card.locator('.tiles dd', { hasText: 'unknown' }).count(), 8);
  });
});

describe('a screen reader', () => {
  it('is told of an end and of a failure, and not of each tick', async () => {
    const { page } = await scene.open('?id=56039683');
    await cardOf(page, '56039683').locator('.attendees strong').waitFor();
    await page.evaluate(() => {
      const said: string[] = [];
      Object.assign(window, { said });
      const region = document.querySelector('[role=status][aria-live=polite]');
      new MutationObserver(() => said.push(region?.textContent ?? '')).observe(region!, {
        childList: true,
        subtree: true,
        characterData: true,
      });
    });
    const said = () => page.evaluate(() => (window as unknown as { said: string[] }).said);
    for (const attendees of [50, 51, 52]) {
      upstream.instead.set('56039683', { attendeeCnt: attendees });
      await cardOf(page, '56039683').locator('.attendees strong', { hasText: String(attendees) }).waitFor();
    }
    assert.deepEqual(await said(), []);
    upstream.instead.set('56039683', { status: 4, stopTime: 1715603600 });
    await cardOf(page, '56039683').getByText('Ended', { exact: true }).first().waitFor();
    assert.deepEqual(await said(), ['项目周例会 has ended.']);
  });
});

describe('the language', () => {
  it('is the browser’s, and after the switch the one that was chosen, with its numbers and times', async () => {
    upstream.instead.set('56039683', { attendeeCnt: 1234, startTime: 1764136800 });
    const { page } = await scene.open('?id=56039683', { locale: 'zh-CN', timezoneId: 'Europe/Berlin' });
    const card = cardOf(page, '56039683');
    await card.getByText('1,234').first().waitFor();
    await card.getByText('参会人数').first().waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN');
    await page.getByRole('button', { name: 'English' }).click();
    await card.getByText('attendees', { exact: true }).waitFor();
    await page.getByText('Times are in your time zone: Central European Standard Time').waitFor();
    await card.getByText(/07:00 (?:CET|GMT\+1)/).waitFor();
    await page.reload();
    await card.getByText('attendees', { exact: true }).waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'en-GB');
  });
});
