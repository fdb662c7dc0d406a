import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { DocumentNode } from 'graphql';
import type { Accepted } from './request/accept.ts';
import { clientNameOf } from './request/client-name.ts';
import { readToken } from './request/credentials.ts';
import type { FrontOptions } from './front-options.ts';
import { type Ready, readAsked } from './request/read-asked.ts';
import { refuse } from './refusal.ts';
import type { RequestFacts } from './request-facts.ts';
import { requestEvent } from './request-event.ts';
import { answerLive } from './streams/answer-live.ts';
import { shortPathType } from './short-path.ts';
import { serverTiming } from './server-timing.ts';
import { formatTraceparent, parseTraceparent } from '../base/traceparent.ts';

/** Answers one request to `/graphql`, and tells of it once its answer has left, or its client has. */
export async function answerGraphql(
  request: IncomingMessage,
  response: ServerResponse,
  search: string,
  requestId: string,
  options: FrontOptions,
): Promise<void> {
  const { emit, clock } = options;
  const startedAt = clock.now();
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  const incoming = parseTraceparent(request.headers['traceparent']);
  const begun = options.beginTrace?.(incoming, request.method ?? '');
  const facts: RequestFacts = {
    requestId,
    client: clientNameOf(request.headers, options.clients),
    ...(begun ?? { traceparent: incoming && formatTraceparent(incoming), trace: undefined }),
    signal: gone.signal,
  };
  const caller = options.callerOf(readToken(request.rawHeaders));
  const context = options.createContext(caller, facts);
  const { report } = context.operation;
  response.once('close', () => {
    const httpStatus = response.writableFinished ? response.statusCode : 0;
    if (isStream) return;
    emit(requestEvent(report, facts, httpStatus, clock.now() - startedAt));
    facts.trace?.end(httpStatus);
  });
  // A stream has lines of its own in the log: its end is not that of a request.
  let isStream = false;
  const subscribe = ({ asked, accepted, origin, document }: Ready & { readonly document: DocumentNode }) => {
    const { query, operationName, variables = {} } = asked;
    if (!accepted.subscription) {
      report.addCode('BAD_REQUEST');
      return refuse(request, response, {
        status: 406,
        message: 'A subscription is answered as text/event-stream or multipart/mixed; accept one of them.',
      });
    }
    // From here on it counts as a stream: viewers that wait for a slow upstream must not lock queries out.
    options.places.giveBack(response);
    const { client } = facts;
    const live = {
      caller,
      requestId,
      client,
      documentOrigin: origin,
      query,
      document,
      operationName,
      variables,
    };
    answerLive(request, response, accepted.subscription, live, {
      live: options.live,
      clock,
      onBegin() {
        isStream = true;
        facts.trace?.end(200);
      },
      onRefused: (code) => report.addCode(code),
    });
  };
  try {
    const asked = await readAsked(request, response, search, options);
    if (asked === 'aborted') return;
    if ('status' in asked) {
      report.addCode(asked.code ?? 'BAD_REQUEST');
      return refuse(request, response, asked);
    }
    report.documentOrigin = asked.origin;
    const type = options.shortPath && shortPathType(asked, request.headers);
    const short = type && (await options.shortPath?.(asked.asked, context));
    if (short !== undefined) {
      if (gone.signal.aborted) return;
      if (options.serverTiming)
        response.setHeader('server-timing', serverTiming(report, clock.now() - startedAt));
      response.writeHead(200, {
        'content-type': `${type}; charset=utf-8`,
        'content-length': Buffer.byteLength(short),
      });
      response.end(short);
      return;
    }
    const document = options.subscriptionOf(asked.asked);
    if (gone.signal.aborted) return;
    if (document) return subscribe({ ...asked, document });
    const how = { method: asked.method, headers: headersForYoga(asked.accepted, request.headers) };
    const answer = await options.handle(asked.asked, how, context);
    if (gone.signal.aborted) return;
    if (options.serverTiming)
      response.setHeader('server-timing', serverTiming(report, clock.now() - startedAt));
    await write(answer, response);
  } catch (error) {
    // A stream that its reader has left ends in an error.
    if (gone.signal.aborted) return;
    report.addCode('INTERNAL_SERVER_ERROR');
    emit({ event: 'defect', ...options.describeDefect(error), requestId });
    if (response.headersSent) response.destroy();
    else
      refuse(request, response, {
        status: 500,
        code: 'INTERNAL_SERVER_ERROR',
        message: 'The gateway failed.',
      });
  }
}

// Yoga picks the type by the kind of the operation, which only it knows. It would not heed weights: so it is told the outcome.
function headersForYoga(
  { query, subscription }: Accepted,
  { 'apollo-federation-include-trace': trace }: IncomingHttpHeaders,
) {
  return {
    accept: [query, subscription].filter((type) => type !== undefined).join(', '),
    ...(typeof trace === 'string' && { 'apollo-federation-include-trace': trace }),
  };
}

async function write(answer: Response, response: ServerResponse): Promise<void> {
  // The others that Yoga sets are ours to set, or wrong: an event stream's say that it may be kept.
  for (const name of ['content-type', 'allow']) {
    const value = answer.headers.get(name);
    if (value) response.setHeader(name, value);
  }
  // A stream of a query's one answer is bounded: sent as a whole, it is under the rule for answers that are not read.
  const body = await answer.text();
  response.writeHead(answer.status, { 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
