import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { acceptedBy } from './request/accept.ts';
import type { FrontOptions } from './front-options.ts';
import { isAmbiguous } from './request/framing.ts';
import { answerPreflight, setHeaders } from './headers.ts';
import { GraphqlRequest } from './graphql-request.ts';
import { answerHealth } from './health.ts';
import { clientNameOf } from './request/client-name.ts';
import { allowedMethods } from './request/read-asked.ts';
import { overloaded } from './overloaded.ts';
import { refuse } from './refusal.ts';
import { refusedEvent } from './request-event.ts';
import { requestIdOf } from './request/request-id.ts';
import { isGraphql, type Target, targetOf } from './request/target.ts';

/** The way in: limits bytes, turns credentials into a caller, makes the context of plain values, sets the answer's headers. */
export function createFront(options: FrontOptions): RequestListener {
  const { page, places, isDraining } = options;

  const refusalOfSocket = (request: IncomingMessage) =>
    request.headers.upgrade === undefined ? undefined : options.refusalOfSocket(request);

  const isAsked = (request: IncomingMessage, { path, search }: Target): boolean =>
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
      return refuse(request, response, { status: 400, message: 'The request can be read in two ways.' });
    }
    if (path === '/livez' || path === '/readyz') return answerHealth(path, response, isDraining());
    if (!places.take(response)) {
      const client = clientNameOf(request.headers, options.clients);
      if (isGraphql(path)) options.emit(refusedEvent({ requestId, client }, 503, 'OVERLOADED'));
      return refuse(request, response, overloaded);
    }
    if (!isGraphql(path)) {
      if (page?.answerAsset(path, request, response)) return;
      if (page && path === '/' && isReading(request)) return redirect(response, 'graphql');
      return refuse(request, response, { status: 404, message: 'There is nothing here; ask /graphql.' });
    }
    const refusal = refusalOfSocket(request);
    if (refusal) {
      const client = clientNameOf(request.headers, options.clients);
      const { status, code = 'BAD_REQUEST' } = refusal;
      options.emit(refusedEvent({ requestId, client }, status, code));
      return refuse(request, response, refusal);
    }
    if (request.method === 'OPTIONS') return answerPreflight(request, response, allowedMethods);
    if (path === '/graphql') return page?.answerPage(response);
    // The page's files are relative to it.
    redirect(response, `../graphql${search && `?${search}`}`);
  };

  return (request, response) => {
    const requestId = requestIdOf(request.headers['x-request-id']);
    const target = targetOf(request.url);
    // Nearly all requests: their headers are written with their answers.
    if (isAsked(request, target) && places.take(response))
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
