import type { IncomingMessage, ServerResponse } from 'node:http';

// Without `retry-after` in this list, a page of another origin could not read when to retry.
const exposedHeaders = 'x-request-id, server-timing, retry-after';
const preflightSeconds = 7200;

/**
 * The headers of every answer, CORS included, as a flat list of names and values: Node writes it in half the time of headers that are set
 * one by one. No header names the software.
 */
export function headersOf(
  request: IncomingMessage,
  requestId: string,
  corsOrigins: readonly string[],
): string[] {
  const headers = [
    'x-request-id',
    requestId,
    'cache-control',
    'no-store',
    'x-content-type-options',
    'nosniff',
  ];
  if (corsOrigins.length === 0) return headers;
  // Also for an origin that is not listed: a cache must not give this answer to a listed one.
  headers.push('vary', 'origin');
  const { origin } = request.headers;
  if (origin !== undefined && corsOrigins.includes(origin))
    headers.push('access-control-allow-origin', origin, 'access-control-expose-headers', exposedHeaders);
  return headers;
}

/** Sets the headers of every answer, for an answer that is not written as one list. */
export function setHeaders(
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  corsOrigins: readonly string[],
): void {
  const headers = headersOf(request, requestId, corsOrigins);
  for (let at = 0; at < headers.length; at += 2) response.setHeader(headers[at] ?? '', headers[at + 1] ?? '');
}

/**
 * Answers a CORS preflight. A page of a listed origin may send all headers that its libraries add, because none of them goes upstream.
 * For any other origin the answer allows nothing, so the browser does not send the request.
 */
export function answerPreflight(request: IncomingMessage, response: ServerResponse, allow: string): void {
  if (response.hasHeader('access-control-allow-origin')) {
    response.setHeader('access-control-allow-methods', allow);
    const names = headerNamesIn(request.headers['access-control-request-headers']);
    if (names) response.setHeader('access-control-allow-headers', names);
    response.setHeader('access-control-max-age', preflightSeconds);
  }
  response.writeHead(204, { allow }).end();
}

// `*` is a valid header name, but here it would allow all headers.
function headerNamesIn(list: string | undefined): string | undefined {
  return list
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => /^[!#$%&'*+.^_`|~\da-z-]+$/i.test(name) && name !== '*')
    .join(', ');
}
