import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { acceptedBy } from './request/accept.ts';
import type { FrontOptions } from './front-options.ts';
import { isAmbiguous } from './request/smuggling.ts';
import { answerPreflight, setHeaders } from './headers.ts';
import { GraphqlRequest } from './graphql-request.ts';
import { answerHealth } from './health.ts';
import { clientNameOf } from './request/client-name.ts';
import { allowedMethods } from './request/read-asked.ts';
import { overloaded } from './overloaded.ts';
import { type Refusal, refuse } from './refusal.ts';
import { refusedEvent } from './request-event.ts';
import { requestIdOf } from './request/request-id.ts';
import { isGraphql, type Target, targetOf } from './request/target.ts';

const ambiguous: Refusal = {
  status: 400,
  message: 'The request is ambiguous: HTTP/1.1 needs one Host header, and no Transfer-Encoding but chunked.',
};
const notFound: Refusal = { status: 404, message: 'There is nothing at this path. GraphQL is at /graphql.' };

/** The listener of all HTTP requests. A request to execute becomes a `GraphqlRequest`; the front answers everything else itself. */
export function createFront(options: FrontOptions): RequestListener {
  const { page, places, isDraining } = options;

  const refusalOfSocket = (request: IncomingMessage) =>
    request.headers.upgrade === undefined ? undefined : options.refusalOfSocket(request);

  const refuseAndReport = (
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
    refusal: Refusal,
  ) => {
    const client = clientNameOf(request.headers, options.clients);
    options.emit(refusedEvent({ requestId, client }, refusal.status, refusal.code ?? 'BAD_REQUEST'));
    refuse(request, response, refusal);
  };

  const isToExecute = (request: IncomingMessage, { path, search }: Target): boolean =>
    isGraphql(path) &&
    request.method !== 'OPTIONS' &&
    !isAmbiguous(request) &&
    !refusalOfSocket(request) &&
    !(page && wantsPage(request, search));

  const answerOther = (
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
    target: Target,
  ) => {
    const { path, search } = target;
    setHeaders(request, response, requestId, options.corsOrigins);
    if (isAmbiguous(request)) {
      response.setHeader('connection', 'close');
      return refuse(request, response, ambiguous);
    }
    if (path === '/livez' || path === '/readyz') return answerHealth(path, response, isDraining());
    if (!places.take(response)) {
      if (isGraphql(path)) return refuseAndReport(request, response, requestId, overloaded);
      return refuse(request, response, overloaded);
    }
    if (!isGraphql(path)) {
      if (page?.answerAsset(path, request, response)) return;
      if (page && path === '/' && isReading(request)) return redirect(response, 'graphql');
      return refuse(request, response, notFound);
    }
    const refusal = refusalOfSocket(request);
    if (refusal) return refuseAndReport(request, response, requestId, refusal);
    if (request.method === 'OPTIONS') return answerPreflight(request, response, allowedMethods);
    if (path === '/graphql') return page?.answerPage(response);
    // `/graphql/`: the page's paths are relative to `/graphql`.
    redirect(response, `../graphql${search && `?${search}`}`);
  };

  return (request, response) => {
    const requestId = requestIdOf(request.headers['x-request-id']);
    const target = targetOf(request.url);
    // Nearly all requests. Their headers are written together with their answers.
    if (isToExecute(request, target) && places.take(response))
      new GraphqlRequest(request, response, requestId, options).answer(target.search);
    else answerOther(request, response, requestId, target);
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
