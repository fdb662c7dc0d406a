import type { IncomingMessage, ServerResponse } from 'node:http';

// A page of another origin is told when to come back only if it may read when.
const exposedHeaders = 'x-request-id, server-timing, retry-after';
const preflightSeconds = 7200;

/**
 * What every answer carries, names and values in turn, and what lets pages of the listed origins read it. Nothing names the software.
 * Node writes such a list in half the time that it takes for headers which are set one by one.
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
  // Also where the origin is not listed: a cache must not keep that answer for one that is.
  headers.push('vary', 'origin');
  const { origin } = request.headers;
  if (origin !== undefined && corsOrigins.includes(origin))
    headers.push('access-control-allow-origin', origin, 'access-control-expose-headers', exposedHeaders);
  return headers;
}

/** Sets what every answer carries, for those that are not written as one list. */
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
 * Answers a preflight. A page of a listed origin may send whatever headers its libraries add: none of them goes upstream. An origin
 * that is not listed is told nothing, and its browser sends nothing more.
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

// An asterisk is a name too, but would stand for all of them.
function headerNamesIn(list: string | undefined): string | undefined {
  return list
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => /^[!#$%&'*+.^_`|~\da-z-]+$/i.test(name) && name !== '*')
    .join(', ');
}
