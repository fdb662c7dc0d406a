import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { globalSetup } from './build.ts';
import { cardOf, startScene, type VisitOptions } from './scene.ts';
import { startFaultyUpstream } from './upstream.ts';

// Writes docs/*.png: every state of the page, to be looked at. Started by `npm run screenshots`.
await globalSetup();
await using upstream = await startFaultyUpstream();
await using scene = await startScene({
  env: { UPSTREAM_URL: upstream.url, UPSTREAM_TIMEOUT_MS: '1000', LIVE_INTERVAL_MS: '500', MAX_UPSTREAM_CALLS: '10' },
});
await using signedOut = await startScene({ build: 'production' });

const desk = { viewport: { width: 1440, height: 900 }, colorScheme: 'light', locale: 'en-GB' } as const;
const phone = { viewport: { width: 390, height: 844 }, colorScheme: 'light', locale: 'en-GB' } as const;
const small = { ...desk, viewport: { width: 760, height: 620 } } as const;

const moving = '?id=56039683&id=56039685&id=56039684&id=56039692';

async function shoot(
  name: string,
  { from = scene, query = moving, ...look }: VisitOptions & { from?: typeof scene; query?: string },
  reach: (page: Page) => Promise<unknown>,
) {
  const { page } = await from.open(query, { ...look, chineseFont: true });
  await reach(page);
  // Once more in a font that is whole: text that was laid out before the font came would miss characters.
  await page.evaluate(async () => {
    document.documentElement.style.fontFamily = '"Noto Sans SC", sans-serif';
    document.body.getBoundingClientRect();
    await document.fonts.ready;
  });
  await page.waitForTimeout(300);
  await page.screenshot({ path: fileURLToPath(new URL(`../../docs/${name}.png`, import.meta.url)) });
  await page.context().close();
  console.log(name);
}

const live = (page: Page) => cardOf(page, '56039683').locator('.attendees strong').waitFor();
/** Until the line has something to show. */
const watchedFor = (ms: number) => async (page: Page) => {
  await live(page);
  await page.waitForTimeout(ms);
};

await shoot('desk-en-light', desk, watchedFor(45_000));
await shoot('desk-zh-dark', { ...desk, colorScheme: 'dark', locale: 'zh-CN' }, watchedFor(20_000));
await shoot('phone-zh-light', { ...phone, locale: 'zh-CN' }, watchedFor(12_000));
await shoot('phone-en-dark', { ...phone, colorScheme: 'dark' }, watchedFor(12_000));

await shoot('personal-data', { ...small, query: '?id=56039683&id=56039692' }, async (page) => {
  await live(page);
  await page.setViewportSize({ width: 760, height: 960 });
  const card = cardOf(page, '56039683');
  for (const button of await card.locator('.reveal button').all()) await button.click();
  await card.getByText('lisi@example.com').waitFor();
  await card.getByText('123456').waitFor();
});
await shoot('unknown', { ...small, query: '?id=56039690&id=56039693', locale: 'zh-CN' }, async (page) => {
  await cardOf(page, '56039693').locator('.attendees strong').waitFor();
  await page.setViewportSize({ width: 760, height: 900 });
});
await shoot('ended', { ...small, query: '?id=56039687&id=56039707' }, async (page) => {
  await cardOf(page, '56039687').locator('.attendees strong').waitFor();
  await page.setViewportSize({ width: 760, height: 980 });
});
upstream.instead.set('56039684', 403);
await shoot(
  'none-to-show',
  { ...small, query: '?id=1&id=56039684&id=56039701&id=56039704&id=56039700', viewport: { width: 1100, height: 760 } },
  async (page) => {
    await cardOf(page, '56039684').getByText('FORBIDDEN').waitFor();
    await cardOf(page, '56039704').getByText('UPSTREAM_UNAVAILABLE').waitFor();
  },
);
upstream.instead.clear();
await shoot('upstream-down', { ...small, query: '?id=56039683&id=56039684' }, async (page) => {
  await watchedFor(9000)(page);
  await page.setViewportSize({ width: 760, height: 1000 });
  upstream.fault = 'down';
  await cardOf(page, '56039683').locator('.problem').waitFor();
  await page.waitForTimeout(12_000);
});
upstream.fault = 'silent';
await shoot('loading', small, (page) => page.locator('.is-loading').first().waitFor());
upstream.fault = 'none';
await shoot('gateway-gone', { ...small, query: '?id=56039683&id=56039684', locale: 'zh-CN' }, async (page) => {
  await watchedFor(6000)(page);
  await scene.stopGateway();
  await page.locator('.notice').waitFor();
});
await scene.restartGateway();
await shoot(
  'too-many',
  { ...small, query: `?${Array.from({ length: 11 }, (_, nth) => `id=${nth}`).join('&')}` },
  (page) => page.locator('.notice').waitFor(),
);
await shoot('signed-out', { ...small, from: signedOut, query: '?id=56039683' }, async (page) => {
  await page.locator('.panel input').fill('expired-token');
  await page.keyboard.press('Enter');
  await page.getByText('The token is not accepted').waitFor();
});
await shoot('empty', { ...small, from: signedOut, query: '' }, async (page) => {
  await page.locator('.panel input').fill('dev-token');
  await page.keyboard.press('Enter');
  await page.locator('.empty').waitFor();
});
