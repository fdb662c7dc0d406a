import { SpanKind } from '@opentelemetry/api';
import type { TraceContext } from '../../base/traceparent.ts';
import type { TracingSettings } from './settings.ts';
import { createTracing, type OpenSpan, type TracingParts } from './tracing.ts';

/** The spans of one request. This file names all of their attributes: no ID, query, variable, header or client address is among them. */
export interface RequestTrace {
  /**
   * @param isNamed whether the span's name may contain the operation's name: the number of span names must stay small.
   * @returns a function that ends the span, to be called with the error codes of the result.
   */
  beginOperation(
    type: string,
    name: string | undefined,
    isNamed: boolean,
  ): (codes: readonly string[]) => void;
  /** The span is a child of the operation's span, if there is one. */
  beginCall(endpoint: CalledEndpoint): CallTrace;
  /** @param httpStatus 0 if the client left before the response. */
  end(httpStatus: number): void;
}

export interface CallTrace {
  /** The header for the upstream. */
  readonly traceparent: string;
  end(came: CallEnd): void;
}

/** The parts of an endpoint that a span contains. */
export interface CalledEndpoint {
  readonly name: string;
  /** The path below the upstream's URL. It is constant and contains no ID. */
  readonly path: string;
}

/** The outcome of one call. */
export interface CallEnd {
  /** A word from a closed list; undefined if the call succeeded. */
  readonly error: string | undefined;
  readonly httpStatus: number | undefined;
  readonly waitedMs: number;
  readonly attempts: number;
  readonly shared: boolean;
}

/** Begins the trace of a request. */
export type BeginTrace = (incoming: TraceContext | undefined, method: string) => BegunTrace;

export interface BegunTrace {
  /** The header to send on. */
  readonly traceparent: string | undefined;
  readonly trace: RequestTrace | undefined;
}

export interface TracesParts extends TracingParts {
  readonly upstream: URL;
}

/** The traces of all requests. */
export interface RequestTraces {
  readonly begin: BeginTrace;
  /** Exports the remaining spans, within two seconds. */
  close(): Promise<void>;
}

const path = '/graphql';
const knownMethods = new Set([
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'CONNECT',
]);
/** The client chooses the length of a name, and thousands of spans are in memory at once. */
const maxNameLength = 128;

/** Names of attributes follow OpenTelemetry's semantic conventions; those that begin with `gateway.` are our own. */
export function createRequestTraces(
  settings: TracingSettings,
  { upstream, ...parts }: TracesParts,
): RequestTraces {
  const tracing = createTracing(settings, parts);
  const prefix = upstream.href.replace(/\/$/, '');
  const server = {
    // The conventions want an IPv6 address without brackets.
    'server.address': upstream.hostname.replace(/^\[|\]$/g, ''),
    'server.port': Number(upstream.port) || (upstream.protocol === 'https:' ? 443 : 80),
  };
  const begin: BeginTrace = (incoming, given) => {
    const method = knownMethods.has(given) ? given : '_OTHER';
    const { traceparent, span: request } = tracing.begin(
      incoming,
      `${method === '_OTHER' ? 'HTTP' : method} ${path}`,
      SpanKind.SERVER,
    );
    return { traceparent, trace: request && traceOf(request, method, prefix, server) };
  };
  return { begin, close: () => tracing.close() };
}

function traceOf(
  request: OpenSpan,
  method: string,
  prefix: string,
  server: Readonly<Record<string, string | number>>,
): RequestTrace {
  let operation: OpenSpan | undefined;
  return {
    beginOperation(type, fullName, isNamed) {
      const name = fullName?.slice(0, maxNameLength);
      const title = isNamed && name !== undefined ? `${type} ${name}` : type;
      // The span exists already if a plan has handed over to the executor.
      const span = (operation ??= request.begin(title, SpanKind.INTERNAL));
      return ([code]) =>
        span.end({
          attributes: { 'graphql.operation.type': type, 'graphql.operation.name': name, 'error.type': code },
          failed: code !== undefined,
        });
    },
    beginCall(endpoint) {
      const span = (operation ?? request).begin(`POST ${endpoint.path}`, SpanKind.CLIENT);
      return {
        traceparent: span.traceparent,
        end: ({ error, httpStatus, waitedMs, attempts, shared }) =>
          span.end({
            attributes: {
              'http.request.method': 'POST',
              'url.full': `${prefix}${endpoint.path}`,
              ...server,
              'http.response.status_code': httpStatus,
              'http.request.resend_count': attempts > 1 ? attempts - 1 : undefined,
              'error.type': error,
              'gateway.upstream.endpoint': endpoint.name,
              'gateway.upstream.shared': shared,
              'gateway.upstream.waited_ms': Math.round(waitedMs),
            },
            // The end of the time in the queue.
            event: attempts > 0 && !shared ? { name: 'admitted', atMs: span.startMs + waitedMs } : undefined,
            failed: error !== undefined,
          }),
      };
    },
    end: (httpStatus) =>
      request.end({
        attributes: {
          'http.request.method': method,
          'http.route': path,
          'url.path': path,
          'url.scheme': 'http',
          'http.response.status_code': httpStatus || undefined,
          'error.type': httpStatus === 0 ? 'client_left' : httpStatus >= 500 ? String(httpStatus) : undefined,
        },
        failed: httpStatus >= 500,
      }),
  };
}
