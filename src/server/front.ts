import type { IncomingMessage, RequestListener } from 'node:http';
import type { GatewayContext } from '../graphql/context.ts';
import type { Emit } from '../observe/events.ts';
import type { BeginTrace } from '../observe/tracing/request-trace.ts';
import type { Caller } from '../upstream/caller.ts';
import type { Clock } from '../upstream/clock.ts';
import { answerGraphql, type RequestFacts } from './answer-graphql.ts';
import { isAmbiguous } from './framing.ts';
import type { GraphiqlPage } from './graphiql.ts';
import { answerPreflight, setHeaders } from './headers.ts';
import { answerHealth } from './health.ts';
import { allowedMethods } from './read-asked.ts';
import { refuse } from './refusal.ts';
import { requestIdOf } from './request-id.ts';
import type { GraphqlHandler } from './yoga.ts';

export interface FrontOptions {
  readonly handle: GraphqlHandler;
  /** Turns a credential, or the lack of one, into the right to call. */
  readonly callerOf: (token: string | undefined) => Caller;
  readonly createContext: (caller: Caller, request: RequestFacts) => GatewayContext;
  readonly emit: Emit;
  readonly clock: Clock;
  readonly describeDefect: (error: unknown) => { readonly name: string; readonly stack: string };
  readonly page: GraphiqlPage | undefined;
  readonly maxRequestBytes: number;
  readonly corsOrigins: readonly string[];
  /** Whether answers say where their time went. */
  readonly serverTiming: boolean;
  /** Undefined where nothing is traced. */
  readonly beginTrace: BeginTrace | undefined;
  readonly isDraining: () => boolean;
}

/** The way in: limits bytes, turns credentials into a caller, makes the context of plain values, sets the answer's headers. */
export function createFront(options: FrontOptions): RequestListener {
  const { page, isDraining } = options;
  return (request, response) => {
    const requestId = requestIdOf(request.headers['x-request-id']);
    setHeaders(request, response, requestId, options.corsOrigins);
    if (isDraining()) response.setHeader('connection', 'close');

    if (isAmbiguous(request)) {
      response.setHeader('connection', 'close');
      return refuse(request, response, { status: 400, message: 'The request can be read in two ways.' });
    }
    const [path, search] = splitUrl(request.url ?? '');
    if (path === '/livez' || path === '/readyz') return answerHealth(path, response, isDraining());
    if (path !== '/graphql') {
      if (page?.answerAsset(path, request, response)) return;
      return refuse(request, response, { status: 404, message: 'There is nothing here; ask /graphql.' });
    }
    if (request.method === 'OPTIONS') return answerPreflight(response, allowedMethods);
    if (page && wantsPage(request, search)) return page.answerPage(response);
    void answerGraphql(request, response, search, requestId, options);
  };
}

function wantsPage(request: IncomingMessage, search: string): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  return request.headers.accept?.includes('text/html') === true && !new URLSearchParams(search).has('query');
}

function splitUrl(url: string): [path: string, search: string] {
  // The absolute form, as to a proxy, names the same resource.
  const absolute = url.startsWith('/') ? undefined : URL.parse(url);
  if (absolute) return [absolute.pathname, absolute.search.slice(1)];
  const at = url.indexOf('?');
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
}
