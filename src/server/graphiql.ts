import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import * as packaged from '@graphql-yoga/render-graphiql/graphiql';

export interface GraphiqlOptions {
  /** The documents of the tabs at first sight; the first is in place on each visit. */
  readonly tabs: readonly [string, ...string[]];
  /** The `token` header that is in place in each tab. Never stored in the browser. */
  readonly token: string;
}

/** GraphiQL for who opens `/graphql` in a browser. */
export interface GraphiqlPage {
  answerPage(response: ServerResponse): void;
  /** Answers where the path is one of the page's files; otherwise false, and nothing is answered. */
  answerAsset(path: string, request: IncomingMessage, response: ServerResponse): boolean;
}

// Nothing from elsewhere, nothing inline but styles, which the editor writes as it goes.
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  "img-src 'self' data:",
  'font-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const securityHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

interface Asset {
  /** Below `/`, with a digest of the content: it may be kept for ever. */
  readonly path: string;
  readonly type: 'text/javascript' | 'text/css';
  readonly content: string;
  /** Zips when it is first asked for: 9 MB are 2.4 MB then, and no start waits for it. */
  zipped(): Promise<Buffer>;
}

/** All of GraphiQL out of the package. To import this file costs 50 MB: do so only where the page is on. */
export function createGraphiqlPage({ tabs, token }: GraphiqlOptions): GraphiqlPage {
  const library = asset('graphiql.js', packaged.js);
  const style = asset('graphiql.css', packaged.css + tabsStay);
  const workers = {
    editorWorkerService: asset('editor-worker.js', packaged.editorWorkerService),
    graphql: asset('graphql-worker.js', packaged.graphqlWorker),
    json: asset('json-worker.js', packaged.jsonWorker),
  };
  const start = asset('start.js', startScript);
  const assets = new Map<string, Asset>(
    [library, style, ...Object.values(workers), start].map((one) => [`/${one.path}`, one]),
  );

  const page = Buffer.from(
    renderPage({
      style: style.path,
      scripts: [library.path, start.path],
      data: {
        workers: Object.fromEntries(Object.entries(workers).map(([label, { path }]) => [label, path])),
        options: {
          title: 'Conference gateway',
          // GraphiQL remembers tabs, and would leave a `defaultQuery` out from the second visit on.
          query: tabs[0],
          defaultTabs: tabs.map((query) => ({ query })),
          defaultHeaders: JSON.stringify({ token }, null, 2),
          shouldPersistHeaders: false,
        },
      },
    }),
  );

  return {
    answerPage(response) {
      response.writeHead(200, {
        ...securityHeaders,
        'content-type': 'text/html; charset=utf-8',
        'content-length': page.length,
        'cache-control': 'no-store',
      });
      response.end(page);
    },
    answerAsset(path, request, response) {
      const found = assets.get(path);
      if (!found || (request.method !== 'GET' && request.method !== 'HEAD')) return false;
      void sendAsset(found, acceptsGzip(request), response);
      return true;
    },
  };
}

function asset(name: string, content: string): Asset {
  const digest = createHash('sha256').update(content).digest('base64url').slice(0, 12);
  let zipped: Promise<Buffer> | undefined;
  return {
    // Below /graphql: a proxy that lets that one path through lets the page through.
    path: `graphql/${digest}/${name}`,
    type: name.endsWith('.css') ? 'text/css' : 'text/javascript',
    content,
    zipped: () => (zipped ??= promisify(gzip)(content)),
  };
}

async function sendAsset(one: Asset, asGzip: boolean, response: ServerResponse): Promise<void> {
  const body = asGzip ? await one.zipped() : Buffer.from(one.content);
  response.appendHeader('vary', 'accept-encoding');
  response.writeHead(200, {
    ...securityHeaders,
    'content-type': `${one.type}; charset=utf-8`,
    'content-length': body.length,
    'cache-control': 'public, max-age=31536000, immutable',
    ...(asGzip && { 'content-encoding': 'gzip' }),
  });
  response.end(body);
}

function acceptsGzip(request: IncomingMessage): boolean {
  return /\bgzip\b(?! *; *q=0(?:\.0*)? *(?:,|$))/i.test(request.headers['accept-encoding'] ?? '');
}

// GraphiQL animates its tabs from places where they never were: a tab jumps from under the pointer when it is pressed for
// the first time, and stays closed.
const tabsStay = '.graphiql-tab{transform:none!important}';

// The policy allows no inline script, so what the page gives to this one is data. Without an onEditQuery of ours each edit
// would go into the address, and from there, at the next reload, into logs of others.
const startScript = `'use strict';
const { workers, options } = JSON.parse(document.querySelector('#data').textContent);
self.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (_module, label) => workers[label] };
YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), { ...options, onEditQuery() {} });
`;

interface Page {
  readonly style: string;
  readonly scripts: readonly string[];
  readonly data: unknown;
}

function renderPage({ style, scripts, data }: Page): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>GraphiQL · Conference gateway</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="${style}" />
${scripts.map((path) => `    <script defer src="${path}"></script>`).join('\n')}
    <script type="application/json" id="data">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>
  </head>
  <body class="no-focus-outline">
    <noscript>GraphiQL needs JavaScript.</noscript>
    <div id="root"></div>
  </body>
</html>
`;
}
