import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Accepted } from './request/accept.ts';
import { readToken } from './request/credentials.ts';
import type { FrontOptions } from './front-options.ts';
import { readAsked } from './request/read-asked.ts';
import { refuse } from './refusal.ts';
import type { RequestFacts } from './request-facts.ts';
import { requestEvent } from './request-event.ts';
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
    ...(begun ?? { traceparent: incoming && formatTraceparent(incoming), trace: undefined }),
    signal: gone.signal,
  };
  const context = options.createContext(options.callerOf(readToken(request.rawHeaders)), facts);
  const { report } = context.operation;
  response.once('close', () => {
    const httpStatus = response.writableFinished ? response.statusCode : 0;
    emit(requestEvent(report, facts, httpStatus, clock.now() - startedAt));
    facts.trace?.end(httpStatus);
  });
  try {
    const asked = await readAsked(request, search, options.maxRequestBytes);
    if (asked === 'aborted') return;
    if ('status' in asked) {
      report.addCode('BAD_REQUEST');
      return refuse(request, response, asked);
    }
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
  if (answer.body && !answer.headers.get('content-type')?.startsWith('application/')) {
    response.statusCode = answer.status;
    return pipeline(answer.body, response);
  }
  const body = await answer.text();
  response.writeHead(answer.status, { 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
