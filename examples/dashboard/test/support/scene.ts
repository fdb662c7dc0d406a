import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser } from '../../../../test/support/browser.ts';
import { type GatewayProcess, startGateway } from '../../server/gateway.ts';
import { serveDashboard } from '../../server/serve.ts';
import { addChineseFont } from './font.ts';

export const folderOf = (build: 'production' | 'simulator'): string =>
  fileURLToPath(new URL(`../../dist-${build}`, import.meta.url));

/** A gateway, the page before it and a browser, as a visitor meets them. */
export interface Scene extends AsyncDisposable {
  readonly url: string;
  readonly browser: Browser;
  /** Opens the page in a browser of its own. */
  open(query?: string, options?: VisitOptions): Promise<Visit>;
  /** Ends the gateway as a deployment does, and starts another at its address. */
  stopGateway(): Promise<void>;
  restartGateway(): Promise<void>;
}

export interface Visit {
  readonly page: Page;
  /** What the page asked for, by URL. */
  readonly requested: readonly string[];
  /** What the browser complained of: errors of scripts, violations of the policy. */
  readonly complaints: readonly string[];
}

export interface VisitOptions extends BrowserContextOptions {
  /** For a page that is to be looked at. */
  readonly chineseFont?: boolean;
}

export interface SceneOptions {
  readonly build?: 'production' | 'simulator';
  readonly env?: Readonly<Record<string, string>>;
}

export async function startScene({ build = 'simulator', env = {} }: SceneOptions = {}): Promise<Scene> {
  await using begun = new AsyncDisposableStack();
  let gateway: GatewayProcess | undefined = await startGateway(env);
  const { url: gatewayUrl } = gateway;
  begun.defer(async () => gateway?.[Symbol.asyncDispose]());
  const served = begun.use(await serveDashboard({ folder: folderOf(build), gatewayUrl }));
  const browser = await launchBrowser();
  begun.defer(() => browser.close());
  const running = begun.move();
  return {
    url: served.url,
    browser,
    open: (query = '', options = {}) => visit(browser, new URL(query, served.url).href, options),
    async stopGateway() {
      await gateway?.[Symbol.asyncDispose]();
      gateway = undefined;
    },
    async restartGateway() {
      await gateway?.[Symbol.asyncDispose]();
      gateway = await startGateway({ ...env, PORT: new URL(gatewayUrl).port });
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

export async function visit(
  browser: Browser,
  url: string,
  { chineseFont = false, ...options }: VisitOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Asia/Shanghai', ...options });
  if (chineseFont) await addChineseFont(context);
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const requested: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requested.push(request.url()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // A stream that could not be had is logged by the browser itself.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  await page.goto(url);
  return { page, requested, complaints };
}

/** The card of a conference. */
export const cardOf = (page: Page, id: string) => page.locator(`li[data-conference="${id}"]`);

/** The IDs that the address names. */
export const watchedIn = (page: Page): readonly string[] => new URL(page.url()).searchParams.getAll('id');
