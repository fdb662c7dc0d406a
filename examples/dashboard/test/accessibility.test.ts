import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { cardOf, type Scene, startScene } from './support/scene.ts';
import { type FaultyUpstream, startFaultyUpstream } from './support/upstream.ts';

let upstream: FaultyUpstream;
let scene: Scene;
let signedOut: Scene;
before(async () => {
  upstream = await startFaultyUpstream();
  const env = { UPSTREAM_URL: upstream.url, LIVE_INTERVAL_MS: '200', MAX_UPSTREAM_CALLS: '10' };
  scene = await startScene({ env });
  signedOut = await startScene({ build: 'production' });
});
after(async () => {
  await scene[Symbol.asyncDispose]();
  await signedOut[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});
afterEach(async () => {
  upstream.fault = 'none';
  for (const { browser } of [scene, signedOut])
    for (const context of browser.contexts()) await context.close();
});

async function violationsOn(page: Page): Promise<readonly string[]> {
  // By the debugger, which the page's policy does not bind.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(async () => (window as unknown as { axe: typeof axe }).axe.run());
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}

const states: Readonly<Record<string, (options: Looks) => Promise<Page>>> = {
  'conferences that move, have ended, or are none': async (looks) => {
    const { page } = await scene.open('?id=56039683&id=56039687&id=56039690&id=56039693&id=1&id=56039701', looks);
    await cardOf(page, '56039683').locator('.attendees strong').waitFor();
    await cardOf(page, '56039683').locator('.reveal button').first().click();
    await page.getByText('lisi@example.com').waitFor();
    return page;
  },
  'last values while the upstream is down': async (looks) => {
    const { page } = await scene.open('?id=56039683', looks);
    await cardOf(page, '56039683').locator('.attendees strong').waitFor();
    upstream.fault = 'down';
    await cardOf(page, '56039683').locator('.is-stale').waitFor();
    return page;
  },
  'nothing yet': async (looks) => {
    upstream.fault = 'silent';
    const { page } = await scene.open('?id=56039683', looks);
    await page.locator('.is-loading').waitFor();
    return page;
  },
  'too many': async (looks) => {
    const ids = Array.from({ length: 11 }, (_, nth) => `id=${nth}`);
    const { page } = await scene.open(`?${ids.join('&')}`, looks);
    await page.locator('.notice').waitFor();
    return page;
  },
  'an empty list': async (looks) => {
    const { page } = await signedOut.open('', looks);
    await page.locator('.panel input').fill('dev-token');
    await page.keyboard.press('Enter');
    await page.locator('.empty').waitFor();
    return page;
  },
  'signed out': async (looks) => {
    const { page } = await signedOut.open('?id=56039683', looks);
    await page.locator('.panel').waitFor();
    return page;
  },
};

interface Looks {
  readonly locale: string;
  readonly colorScheme: 'light' | 'dark';
  readonly viewport: { readonly width: number; readonly height: number };
}

const looks: readonly Looks[] = [
  { locale: 'en-GB', colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  { locale: 'zh-CN', colorScheme: 'dark', viewport: { width: 390, height: 844 } },
];

describe('a page that shows', () => {
  for (const [state, show] of Object.entries(states)) {
    for (const look of looks) {
      it(`${state}, in ${look.locale}, ${look.colorScheme}, is accessible and fits its width`, async () => {
        const page = await show(look);
        assert.deepEqual(await violationsOn(page), []);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(overflow <= 0, `the page is ${overflow} px wider than its window`);
      });
    }
  }

  it('a fault of accessibility would be found', async () => {
    const { page } = await signedOut.open('?id=56039683');
    await page.locator('.panel').waitFor();
    await page.evaluate(() => document.body.append(document.createElement('button')));
    assert.match((await violationsOn(page)).join(), /button-name/);
  });
});

describe('by keyboard alone', () => {
  it('a conference is added, moved and removed, and the focus is never lost', async () => {
    const { page } = await scene.open('?id=56039683&id=56039684');
    await cardOf(page, '56039684').locator('.attendees strong').waitFor();
    const input = page.getByLabel('Conference ID');
    for (let tabs = 0; !(await input.evaluate((element) => element === document.activeElement)); tabs += 1) {
      assert.ok(tabs < 10, 'the input is not reached');
      await page.keyboard.press('Tab');
    }
    await page.keyboard.type('56039692');
    await page.keyboard.press('Enter');
    await cardOf(page, '56039692').getByRole('heading', { name: '董事会闭门会议' }).waitFor();
    await page.getByRole('button', { name: 'Move earlier: 董事会闭门会议' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Space');
    assert.deepEqual(new URL(page.url()).searchParams.getAll('id'), ['56039692', '56039683', '56039684']);
    // At the top it cannot go further: the focus stays with the card.
    const label = await page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    assert.equal(label, 'Move later: 董事会闭门会议');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const next = await page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    assert.equal(next, 'Remove: 项目周例会');
  });
});

describe('with reduced motion', () => {
  it('nothing is animated', async () => {
    upstream.fault = 'silent';
    const { page } = await scene.open('?id=56039683', { reducedMotion: 'reduce' });
    await page.locator('.is-loading').waitFor();
    assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
  });
});
