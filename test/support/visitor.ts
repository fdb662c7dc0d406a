import type { Browser, BrowserContext, Page } from 'playwright-core';

/** Somebody at a browser of their own: what it stores stays from visit to visit. */
export interface Visitor extends AsyncDisposable {
  readonly context: BrowserContext;
  /** What a developer would see in the console, requests to another host, and what the page's policy has refused. */
  readonly complaints: readonly string[];
  open(url: URL): Promise<Page>;
}

export async function startVisitor(browser: Browser): Promise<Visitor> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  let origin = '';
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      console.error(`refused by ${violatedDirective}: ${blockedURI}`);
    });
  });
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  context.on('weberror', (webError) => complaints.push(String(webError.error())));
  context.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('data:'))
      complaints.push(request.url());
  });
  return {
    context,
    complaints,
    async open(url) {
      ({ origin } = url);
      const page = await context.newPage();
      await page.goto(url.href);
      return page;
    },
    [Symbol.asyncDispose]: () => context.close(),
  };
}
