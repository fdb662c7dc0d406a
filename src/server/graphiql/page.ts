import type { IncomingMessage, ServerResponse } from 'node:http';
import * as packaged from '@graphql-yoga/render-graphiql/graphiql';
import { type Asset, createAsset, sendAsset } from './asset.ts';

export interface GraphiqlOptions {
  /** The documents of the tabs at the first visit. The first of them is there again at each visit. */
  readonly tabs: readonly [string, ...string[]];
  /** The `token` header that each tab starts with. Never stored in the browser. */
  readonly token: string;
}

/** The page for a browser that opens `/graphql`. */
export interface GraphiqlPage {
  answerPage(response: ServerResponse): void;
  /** Answers with a file of the page. Returns false, without an answer, if the path is none of them. */
  answerAsset(path: string, request: IncomingMessage, response: ServerResponse): boolean;
}

// Nothing from other origins, and nothing inline except styles: the editor creates them at run time.
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

/** Creates the page and its files from the package, so that no CDN is needed. */
export function createGraphiqlPage({ tabs, token }: GraphiqlOptions): GraphiqlPage {
  const library = createAsset('graphiql.js', packaged.js);
  const style = createAsset('graphiql.css', packaged.css + tabsStay);
  const workers = {
    editorWorkerService: createAsset('editor-worker.js', packaged.editorWorkerService),
    graphql: createAsset('graphql-worker.js', packaged.graphqlWorker),
    json: createAsset('json-worker.js', packaged.jsonWorker),
  };
  const start = createAsset('start.js', startScript);
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
          // GraphiQL stores the tabs in the browser, and would ignore a `defaultQuery` from the second visit on.
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
      for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
      void sendAsset(found, request, response);
      return true;
    },
  };
}

// At the first click on a tab, GraphiQL's animation starts from a wrong position: the tab moves away from the pointer, and the click has
// no effect. This turns the animation off.
const tabsStay = '.graphiql-tab{transform:none!important}';

// The content security policy allows no inline script, so the page passes its options as JSON. The empty onEditQuery keeps edits out of
// the address bar: from there, the next reload would send them to the logs of proxies.
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
