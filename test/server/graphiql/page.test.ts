import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { launchBrowser } from '../../support/browser.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { record, startTestUpstream } from '../../support/upstream.ts';
import { startVisitor } from '../../support/visitor.ts';

let gateway: TestGateway;
let browser: Browser;
beforeAll(async () => {
  gateway = await startTestGateway({ LIVE_INTERVAL_MS: '500' });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await gateway.close();
});

const queryEditor = '.graphiql-query-editor .view-lines';
const headersEditor = '.graphiql-editor-tool .graphiql-editor:not(.hidden) .view-lines';
const result = '.result-window .view-lines';

describe('GraphiQL in a browser', () => {
  it('shows the conference when play is pressed, at each visit', async () => {
    await using visitor = await startVisitor(browser);
    for (const visit of ['first', 'second']) {
      const page = await visitor.open(gateway.url);
      expect(await textOf(page, queryEditor), visit).toContain('query Conference');
      expect(await textOf(page, headersEditor), visit).toContain('"token": "dev-token"');
      await page.getByRole('button', { name: 'Execute query' }).click();
      await page.locator(result).getByText('"产品发布会"').waitFor();
      await page.close();
    }
    expect(visitor.complaints).toEqual([]);
  });

  it('shows the first query again at the next visit after an edit, and keeps the edited one in a tab', async () => {
    await using visitor = await startVisitor(browser);
    const before = await visitor.open(gateway.url);
    await replaceId(before, '56039682', '56039687');
    await remembered(before, '56039687');
    expect(before.url()).toBe(gateway.url.href);
    await before.close();

    const after = await visitor.open(gateway.url);
    expect(await textOf(after, queryEditor)).toContain('conference(tempConferenceId: "56039682")');
    expect(await textOf(after, headersEditor)).toContain('"token": "dev-token"');
    await after.getByRole('tab', { name: 'Conference' }).first().click();
    await after.locator(queryEditor).getByText('"56039687"').waitFor();
    expect(await textOf(after, headersEditor)).toContain('"token": "dev-token"');
    expect(visitor.complaints).toEqual([]);
  });

  it('runs a query by Ctrl-Enter, and shows the code of an ID that fails', async () => {
    await using visitor = await startVisitor(browser);
    const page = await visitor.open(gateway.url);
    await replaceId(page, '56039682', '56039701');
    await page.keyboard.press('Control+Enter');
    await page.locator(result).getByText('"UPSTREAM_REJECTED"').waitFor();
    expect(visitor.complaints).toEqual([]);
  });

  it.each(['OneFails', 'Moving', 'Watch', 'Counters'])(
    'has a tab %s that opens at the first click',
    async (name) => {
      await using visitor = await startVisitor(browser);
      const page = await visitor.open(gateway.url);
      await page.getByRole('tab', { name }).click();
      await page.locator(queryEditor).getByText(name, { exact: true }).waitFor();
      expect(await textOf(page, headersEditor)).toContain('"token": "dev-token"');
      expect(visitor.complaints).toEqual([]);
    },
  );

  it('shows each change in the tab Watch', { timeout: 60_000 }, async () => {
    await using visitor = await startVisitor(browser);
    const page = await visitor.open(gateway.url);
    await page.getByRole('tab', { name: 'Watch' }).click();
    await remembered(page, '"operationName":"Watch"');
    await page.getByRole('button', { name: 'Execute query' }).click();
    const shows = () => textOf(page, result);
    await vi.waitFor(async () => expect(await shows()).toContain('"attendees"'), { timeout: 15_000 });
    const first = await shows();
    await vi.waitFor(async () => expect(await shows()).not.toBe(first), { timeout: 30_000 });
    expect(await shows()).toContain('"attendees"');
    expect(visitor.complaints).toEqual([]);
    await page.getByRole('button', { name: 'Stop query' }).click();
    await vi.waitFor(() => expect(gateway.events.map(({ event }) => event)).toContain('streamEnded'));
  });

  it('documents a conference and its counters with the descriptions of the schema', async () => {
    const { data } = await gateway.ask(
      '{ conference: __type(name: "Conference") { fields { description } } counters: __type(name: "ConferenceCounters") { fields { description } } }',
    );
    await using visitor = await startVisitor(browser);
    const page = await visitor.open(gateway.url);
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    const pane = page.locator('.graphiql-doc-explorer');
    for (const [link, words] of [
      ['Query', []],
      ['Conference', descriptionsIn(data, 'conference')],
      ['ConferenceCounters', descriptionsIn(data, 'counters')],
    ] as const) {
      await pane.getByText(link, { exact: true }).first().click();
      await pane.locator('.graphiql-doc-explorer-title').getByText(link, { exact: true }).waitFor();
      const shown = plain(await pane.innerText());
      // The list of fields shows the first paragraph of each description. The upstream's field is on the page of the field.
      for (const text of words) expect(shown).toContain(plain(text.split('\n\n')[0] ?? ''));
    }
    await pane.getByText('attendees', { exact: true }).first().click();
    await pane.getByText('attendeeCnt').waitFor();
    expect(visitor.complaints).toEqual([]);
  });

  it('stores no token, neither the default nor one that was typed in', async () => {
    await using visitor = await startVisitor(browser);
    const page = await visitor.open(gateway.url);
    await page.locator(headersEditor).click();
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Delete');
    await page.keyboard.type('{ "token": "typed-in-token" }');
    await replaceId(page, '56039682', '56039687');
    await page.keyboard.press('Control+Enter');
    await page.locator(result).getByText('"conference"').waitFor();
    await remembered(page, '56039687');
    const kept = JSON.stringify([
      await visitor.context.storageState({ indexedDB: true }),
      await page.evaluate(() => ({ ...sessionStorage })),
      await page.evaluate(() => [document.cookie, location.href]),
    ]);
    expect(kept).toContain('56039687');
    expect(kept).not.toMatch(/dev-token|typed-in-token/);
    expect(visitor.complaints).toEqual([]);
  });

  it('makes no call to a real upstream until a token is entered', async () => {
    await using upstream = await startTestUpstream(record());
    await using real = await startTestGateway({ UPSTREAM_URL: upstream.url });
    await using visitor = await startVisitor(browser);
    const page = await visitor.open(real.url);
    await page.getByRole('button', { name: 'Execute query' }).click();
    await page.locator(result).getByText('"UNAUTHENTICATED"').waitFor();
    expect(upstream.received).toEqual([]);
    expect(visitor.complaints).toEqual([]);
  });
});

/** The text in an editor, which writes non-breaking spaces. */
async function textOf(page: Page, editor: string): Promise<string> {
  return (await page.locator(editor).innerText()).replaceAll('\u00a0', ' ');
}

/** Replaces an ID, once the syntax highlighting has made it an element of its own. */
async function replaceId(page: Page, id: string, by: string): Promise<void> {
  await page.locator(queryEditor).getByText(`"${id}"`, { exact: true }).dblclick();
  await page.keyboard.insertText(by);
}

/** Waits until GraphiQL has stored its tabs with this text, which it does with a delay. */
async function remembered(page: Page, text: string): Promise<void> {
  await page.waitForFunction((typed) => localStorage.getItem('graphiql:tabState')?.includes(typed), text);
}

function descriptionsIn(types: unknown, alias: string): string[] {
  const { fields } = (types as Record<string, { fields: { description: string }[] }>)[alias] ?? {
    fields: [],
  };
  expect(fields).not.toEqual([]);
  return fields.map(({ description }) => description);
}

/** The text without formatting: line breaks, and the marks of Markdown. */
const plain = (text: string): string => text.replaceAll('`', '').replace(/\s+/g, ' ').trim();
