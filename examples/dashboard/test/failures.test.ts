import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { cardOf, type Scene, startScene } from './support/scene.ts';
import { type FaultyUpstream, startFaultyUpstream } from './support/upstream.ts';

let upstream: FaultyUpstream;
let scene: Scene;
before(async () => {
  upstream = await startFaultyUpstream();
  scene = await startScene({
    env: {
      UPSTREAM_URL: upstream.url,
      UPSTREAM_TIMEOUT_MS: '1000',
      LIVE_INTERVAL_MS: '200',
      DRAIN_TIMEOUT_MS: '500',
      MAX_UPSTREAM_CALLS: '10',
      LIVE_MAX_WATCHED: '8',
    },
  });
});
after(async () => {
  await scene[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});
beforeEach(() => {
  upstream.fault = 'none';
  upstream.instead.clear();
});
afterEach(async () => {
  for (const context of scene.browser.contexts()) await context.close();
});

for (const { locale, title, stale, live } of [
  {
    locale: 'en-GB',
    title: 'The conferencing service cannot be reached',
    stale: /^Last known values, from /,
    live: 'Live',
  },
  { locale: 'zh-CN', title: '会议服务无法访问', stale: /的数据，暂无更新$/, live: '实时' },
]) {
  describe(`in ${locale}, while the upstream is down`, () => {
    it('keeps the last values, says how old they are, and goes on when it is back', async () => {
      const { page, complaints } = await scene.open('?id=56039683', { locale });
      const card = cardOf(page, '56039683');
      const attendees = await card.locator('.attendees strong').innerText();

      upstream.fault = 'down';
      await card.getByText(title).waitFor();
      assert.match(await card.locator('.age').innerText(), stale);
      assert.match(await card.locator('.attendees strong').innerText(), /^\d+$/);
      assert.ok(await card.locator('.is-stale').isVisible());
      // The page's own connection is to the gateway, and that is there.
      await page.locator('.connection', { hasText: live }).waitFor();

      upstream.fault = 'none';
      upstream.instead.set('56039683', { attendeeCnt: Number(attendees) + 100 });
      await card.locator('.attendees strong', { hasText: String(Number(attendees) + 100) }).waitFor();
      await card.getByText(title).waitFor({ state: 'detached' });
      assert.deepEqual(complaints, []);
    });
  });
}

describe('while the gateway restarts', () => {
  it('greys the values, says that it comes back, and does so by itself', async () => {
    const { page } = await scene.open('?id=56039683&id=56039684');
    const card = cardOf(page, '56039683');
    await page.locator('[data-connection="live"]').waitFor();
    await scene.stopGateway();
    await page.getByText('No connection to the gateway').waitFor();
    await page.locator('[data-connection="waiting"]').waitFor();
    assert.match(await card.locator('.attendees strong').innerText(), /^\d+$/);
    assert.match(await card.locator('.age').innerText(), /^Last known values, from /);

    upstream.instead.set('56039683', { attendeeCnt: 777 });
    await scene.restartGateway();
    await card.locator('.attendees strong', { hasText: '777' }).waitFor();
    await page.getByText('No connection to the gateway').waitFor({ state: 'detached' });
  });

  it('comes back at once for whoever does not want to wait', async () => {
    const { page } = await scene.open('?id=56039684');
    await page.locator('[data-connection="live"]').waitFor();
    await scene.stopGateway();
    await page.getByRole('button', { name: 'Try now' }).waitFor();
    await scene.restartGateway();
    // The page may come back by itself before the click: the button is then gone.
    const live = page.locator('[data-connection="live"]').waitFor();
    await Promise.any([page.getByRole('button', { name: 'Try now' }).click(), live]);
    await live;
  });
});

describe('a conference that cannot be shown', () => {
  for (const { what, id, status, title, code } of [
    { what: 'that does not exist', id: '1', title: 'No such conference', code: 'NOT_FOUND' },
    { what: 'that one may not see', id: '56039684', status: 403, title: 'Not allowed', code: 'FORBIDDEN' },
    { what: 'without a record', id: '56039700', title: 'No record', code: 'NO_RECORD' },
    {
      what: 'that the upstream declines to tell of',
      id: '56039701',
      title: '会议数据正在归档，暂不支持查询',
      code: 'UPSTREAM_REJECTED',
    },
  ]) {
    it(`${what} says so on its card, beside one that moves`, async () => {
      if (status) upstream.instead.set(id, status);
      const { page } = await scene.open(`?id=${id}&id=56039683`);
      const card = cardOf(page, id);
      await card.getByText(title).waitFor();
      await card.getByText(code).waitFor();
      await card.getByRole('button', { name: 'Ask again' }).waitFor();
      await cardOf(page, '56039683').locator('.attendees strong').waitFor();
      await page.locator('[data-connection="live"]').waitFor();
    });
  }

  it('that is no longer to be seen takes what was shown of it away', async () => {
    const { page } = await scene.open('?id=56039692&id=56039683');
    const card = cardOf(page, '56039692');
    await card.getByRole('heading', { name: '董事会闭门会议' }).waitFor();
    upstream.instead.set('56039692', 403);
    await card.getByText('Not allowed').waitFor();
    assert.equal((await card.innerText()).includes('董事会'), false);

    upstream.instead.clear();
    await card.getByRole('button', { name: 'Ask again' }).click();
    await card.getByRole('heading', { name: '董事会闭门会议' }).waitFor();
  });

  it('whose one field cannot be read shows the rest', async () => {
    const { page } = await scene.open('?id=56039707');
    const card = cardOf(page, '56039707');
    await card.getByText('Not readable: start').waitFor();
    assert.match(await card.locator('.attendees strong').innerText(), /^\d+$/);
  });
});

describe('too many conferences', () => {
  const query = (count: number) =>
    `?${Array.from({ length: count }, (_, nth) => `id=${56039682 + nth}`).join('&')}`;

  it('for the gateway say so, and what to do; with fewer it goes on', async () => {
    const { page } = await scene.open(query(9));
    await page.getByText('Too many conferences are being watched').waitFor();
    await page.getByText(/The gateway takes no more for now\. Remove some, or wait/).waitFor();
    for (let left = 9; left > 4; left -= 1)
      await page.locator('[data-control="remove"]').last().click();
    await page.locator('[data-connection="live"]').waitFor();
    await page.getByText('Too many conferences are being watched').waitFor({ state: 'detached' });
  });

  it('for one page are named as such, without a wait that would not help', async () => {
    const { page } = await scene.open(query(11));
    await page.getByText('11 conferences are more than one page may watch. Remove some.').waitFor();
    await page.locator('[data-connection="refused"]').waitFor();
  });
});
