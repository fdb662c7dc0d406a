import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { GatewayContext } from '../graphql/context.ts';
import type { Emit } from '../observe/events.ts';
import type { BeginTrace, RequestTrace } from '../observe/tracing/request-trace.ts';
import type { Caller } from '../upstream/caller.ts';
import type { Clock } from '../upstream/clock.ts';
import { type Asked, askedInBody, askedInUrl, type AskedReading } from './asked.ts';
import { readBody } from './body.ts';
import { readToken } from './credentials.ts';
import { isAmbiguous } from './framing.ts';
import type { GraphiqlPage } from './graphiql.ts';
import { answerPreflight, setHeaders } from './headers.ts';
import { answerHealth } from './health.ts';
import { type Refusal, refuse } from './refusal.ts';
import { requestEvent } from './request-event.ts';
import { requestIdOf } from './request-id.ts';
import { serverTiming } from './server-timing.ts';
import { traceparentOf } from './trace-context.ts';
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

/** The plain values that a request brings besides what it asks. */
export interface RequestFacts {
  readonly requestId: string;
  /** Sent on: the caller's own, or that of the span that this request is. */
  readonly traceparent: string | undefined;
  readonly trace: RequestTrace | undefined;
  /** Aborted when the client has left before its answer was written. */
  readonly signal: AbortSignal;
}

const allow = 'GET, POST, OPTIONS';

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
    if (request.method === 'OPTIONS') return answerPreflight(response, allow);
    if (page && wantsPage(request, search)) return page.answerPage(response);
    void answerGraphql(request, response, search, requestId, options);
  };
}

async function answerGraphql(
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
  const traceparent = traceparentOf(request.headers['traceparent']);
  const begun = options.beginTrace?.(traceparent, request.method ?? '');
  const facts: RequestFacts = {
    requestId,
    ...(begun ?? { traceparent, trace: undefined }),
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
      report.codes.add('BAD_REQUEST');
      return refuse(request, response, asked);
    }
    const how = { method: asked.method, headers: headersForYoga(request.headers) };
    const answer = await options.handle(asked.asked, how, context);
    if (gone.signal.aborted) return;
    if (answer.status === 406) {
      report.codes.add('BAD_REQUEST');
      return refuse(request, response, {
        status: 406,
        message: 'No answer is made of a type that is accepted.',
      });
    }
    // Also where the request came before the draining began: its connection would idle until it is cut.
    if (options.isDraining()) response.setHeader('connection', 'close');
    if (options.serverTiming)
      response.setHeader('server-timing', serverTiming(report, clock.now() - startedAt));
    await write(answer, response);
  } catch (error) {
    // A stream that its reader has left ends in an error.
    if (gone.signal.aborted) return;
    report.codes.add('INTERNAL_SERVER_ERROR');
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

type Ready = { readonly asked: Asked; readonly method: 'GET' | 'POST' };

async function readAsked(
  request: IncomingMessage,
  search: string,
  maxRequestBytes: number,
): Promise<Ready | Refusal | 'aborted'> {
  const { method } = request;
  if (method !== 'GET' && method !== 'POST')
    return { status: 405, message: 'Only GET and POST are answered.', allow };
  const reading = method === 'GET' ? askedInUrl(search) : await readPosted(request, maxRequestBytes);
  if (reading === 'aborted' || 'status' in reading) return reading;
  return 'problem' in reading ? { status: 400, message: reading.problem } : { asked: reading.asked, method };
}

async function readPosted(
  request: IncomingMessage,
  maxRequestBytes: number,
): Promise<AskedReading | Refusal | 'aborted'> {
  // The only type that a page of another origin cannot send without asking first.
  if (!/^application\/json *(?:;|$)/i.test(request.headers['content-type'] ?? '')) {
    return { status: 415, message: 'The body must be application/json.' };
  }
  if (request.headers['content-encoding'] !== undefined)
    return { status: 415, message: 'The body must not be encoded.' };
  const body = await readBody(request, maxRequestBytes);
  switch (body.kind) {
    case 'text':
      return askedInBody(body.text);
    case 'too-large':
      return { status: 413, message: `The body is longer than ${maxRequestBytes} bytes.` };
    case 'not-utf8':
      return { status: 400, message: 'The body is not UTF-8.' };
    case 'aborted':
      return 'aborted';
    default:
      return body satisfies never;
  }
}

function headersForYoga({ accept = '*/*', 'apollo-federation-include-trace': trace }: IncomingHttpHeaders) {
  return { accept, ...(typeof trace === 'string' && { 'apollo-federation-include-trace': trace }) };
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

function wantsPage(request: IncomingMessage, search: string): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  return request.headers.accept?.includes('text/html') === true && !new URLSearchParams(search).has('query');
}

function splitUrl(url: string): [path: string, search: string] {
  const at = url.indexOf('?');
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
}
