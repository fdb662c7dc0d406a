import type { Browser, BrowserContext, Page } from 'playwright-core';

/** A user with a browser profile: its storage is kept between pages. */
export interface Visitor extends AsyncDisposable {
  readonly context: BrowserContext;
  /** Messages in the console, requests to another host, and violations of the page's content security policy. */
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
