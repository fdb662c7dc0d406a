import { SpanKind } from '@opentelemetry/api';
import type { TraceContext } from '../../base/traceparent.ts';
import type { TracingSettings } from './settings.ts';
import { createTracing, type OpenSpan, type TracingParts } from './tracing.ts';

/** The spans of one request. All that they tell stands here: no ID, no query, no variable, no header, no address of a client. */
export interface RequestTrace {
  /**
   * @param isNamed whether the name may be the span's: there must be few of them.
   * @returns to be called with the codes of the result's errors.
   */
  beginOperation(
    type: string,
    name: string | undefined,
    isNamed: boolean,
  ): (codes: readonly string[]) => void;
  /** Below the operation, if there is one. */
  beginCall(endpoint: CalledEndpoint): CallTrace;
  /** @param httpStatus 0 where the client left before there was an answer. */
  end(httpStatus: number): void;
}

export interface CallTrace {
  /** For the upstream. */
  readonly traceparent: string;
  end(came: CallEnd): void;
}

/** An endpoint as far as a span tells of it. */
export interface CalledEndpoint {
  readonly name: string;
  /** Below the upstream's URL; a constant. */
  readonly path: string;
}

/** What one call came to. */
export interface CallEnd {
  /** A word of a closed list, if it failed. */
  readonly error: string | undefined;
  readonly httpStatus: number | undefined;
  readonly waitedMs: number;
  readonly attempts: number;
  readonly shared: boolean;
}

/** How a request's trace begins. */
export type BeginTrace = (incoming: TraceContext | undefined, method: string) => BegunTrace;

export interface BegunTrace {
  /** To be sent on: the caller's, or the request's own. */
  readonly traceparent: string | undefined;
  readonly trace: RequestTrace | undefined;
}

export interface TracesParts extends TracingParts {
  readonly upstream: URL;
}

/** The traces of all requests. */
export interface RequestTraces {
  readonly begin: BeginTrace;
  /** Sends what has not been sent, within seconds whatever the collector does. */
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
/** A caller chooses how long a name is, and many spans wait at once. */
const longestName = 128;

/** The names are those of OpenTelemetry's semantic conventions; `gateway.` where they have none. */
export function createRequestTraces(
  settings: TracingSettings,
  { upstream, ...parts }: TracesParts,
): RequestTraces {
  const tracing = createTracing(settings, parts);
  const prefix = upstream.href.replace(/\/$/, '');
  const server = {
    // An IPv6 address stands there without its brackets.
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
      const name = fullName?.slice(0, longestName);
      const title = isNamed && name !== undefined ? `${type} ${name}` : type;
      // Begun already where a plan has handed over to the ordinary execution.
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
            // Before it the call waited for its turn, from it on it talked.
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
