import { readFileSync } from 'node:fs';
import type { BrowserContext } from 'playwright-core';

const folder = new URL('../../node_modules/@fontsource/noto-sans-sc/', import.meta.url);
const links = ['400', '600', '700']
  .map((weight) => `<link rel="stylesheet" href="./chinese-font/${weight}.css">`)
  .join('');

/** Gives pages that are to be looked at a font with Chinese: the machine may have none. It comes from the page's own origin. */
export async function addChineseFont(context: BrowserContext): Promise<void> {
  await context.route('**/chinese-font/**', (route) => {
    const name = new URL(route.request().url()).pathname.replace(/^.*\/chinese-font\//, '');
    return route.fulfill({
      body: readFileSync(new URL(name, folder)),
      contentType: name.endsWith('.css') ? 'text/css' : 'font/woff2',
    });
  });
  await context.route(/\/(?:\?[^/]*)?$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace('</head>', `${links}</head>`) });
  });
}
