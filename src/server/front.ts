import type { IncomingMessage, ServerResponse } from 'node:http';
import { acceptedBy } from './request/accept.ts';
import type { FrontOptions } from './front-options.ts';
import { isAmbiguous } from './request/smuggling.ts';
import { answerPreflight, setHeaders } from './headers.ts';
import { createStages, GraphqlRequest } from './graphql-request.ts';
import { answerHealth, isHealthPath } from './health.ts';
import { clientNameOf } from './request/client-name.ts';
import type { Front } from './listener/front.ts';
import { allowedMethods } from './request/read-asked.ts';
import { overloaded } from './overloaded.ts';
import { type Refusal, refuse } from './refusal.ts';
import { refusedEvent } from './request-event.ts';
import { requestIdOf } from './request/request-id.ts';
import { isGraphql, type Target, targetOf } from './request/target.ts';

const ambiguous: Refusal = {
  status: 400,
  message: 'The request is ambiguous: HTTP/1.1 needs one Host header, and no Transfer-Encoding but chunked.',
  headers: { connection: 'close' },
};
const notFound: Refusal = { status: 404, message: 'There is nothing at this path. GraphQL is at /graphql.' };

type Route = 'operation' | 'health' | 'preflight' | 'page' | 'other path' | Refusal;

/** The front of all HTTP requests. An operation becomes a `GraphqlRequest`; the front answers everything else itself. */
export function createFront(options: FrontOptions): Front {
  const { page, places, isDraining, corsOrigins, clients, emit } = options;
  const stages = createStages();

  const routeOf = (request: IncomingMessage, { path, search }: Target): Route => {
    if (isAmbiguous(request)) return ambiguous;
    if (isHealthPath(path)) return 'health';
    if (!isGraphql(path)) return 'other path';
    const refusal = request.headers.upgrade === undefined ? undefined : options.refusalOfSocket(request);
    if (refusal) return refusal;
    if (request.method === 'OPTIONS') return 'preflight';
    return page && wantsPage(request, search) ? 'page' : 'operation';
  };

  const answerOtherPath = (request: IncomingMessage, response: ServerResponse, path: string): void => {
    if (page?.answerAsset(path, request, response)) return;
    if (page && path === '/' && isReading(request)) redirect(response, 'graphql');
    else refuse(request, response, notFound);
  };

  const answerPage = (response: ServerResponse, { path, search }: Target): void => {
    if (path === '/graphql') page?.answerPage(response);
    // `/graphql/`: the page's paths are relative to `/graphql`.
    else redirect(response, `../graphql${search && `?${search}`}`);
  };

  /** Everything but an operation. */
  const answer = (
    request: IncomingMessage,
    response: ServerResponse,
    target: Target,
    route: Exclude<Route, 'operation'>,
  ): void => {
    const requestId = requestIdOf(request.headers['x-request-id']);
    setHeaders(request, response, requestId, corsOrigins);
    switch (route) {
      case 'health':
        return answerHealth(target.path, response, isDraining());
      case 'other path':
        return answerOtherPath(request, response, target.path);
      case 'preflight':
        return answerPreflight(request, response, allowedMethods);
      case 'page':
        return answerPage(response, target);
      default:
        if (route !== ambiguous && isGraphql(target.path)) {
          const client = clientNameOf(request.headers, clients);
          emit(refusedEvent({ requestId, client }, route.status, route.code ?? 'BAD_REQUEST'));
        }
        refuse(request, response, route);
    }
  };

  return (request, response) => {
    const target = targetOf(request.url);
    const route = routeOf(request, target);
    // Health checks are answered under any load.
    if (route === 'health' || route === ambiguous) {
      answer(request, response, target, route);
      return undefined;
    }
    const place = places.take();
    if (!place) {
      answer(request, response, target, overloaded);
      return undefined;
    }
    // Nearly all requests. Their headers are written together with their answers.
    if (route === 'operation') {
      const operation = new GraphqlRequest(request, response, place, stages, options);
      operation.answer(target.search);
      return operation;
    }
    answer(request, response, target, route);
    return { closed: () => place.giveBack() };
  };
}

function wantsPage(request: IncomingMessage, search: string): boolean {
  return (
    isReading(request) && acceptedBy(request.headers.accept).page && !new URLSearchParams(search).has('query')
  );
}

const isReading = ({ method }: IncomingMessage) => method === 'GET' || method === 'HEAD';

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(308, { location, 'content-length': 0 }).end();
}
