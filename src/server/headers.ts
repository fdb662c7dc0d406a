import type { IncomingMessage, ServerResponse } from 'node:http';

const exposedHeaders = 'x-request-id, server-timing';
const preflightSeconds = 7200;

/** Sets what every answer carries, and lets pages of the listed origins read it. Nothing names the software. */
export function setHeaders(
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  corsOrigins: readonly string[],
): void {
  response.setHeader('x-request-id', requestId);
  response.setHeader('cache-control', 'no-store');
  response.setHeader('x-content-type-options', 'nosniff');
  if (corsOrigins.length === 0) return;
  // Also where the origin is not listed: a cache must not keep that answer for one that is.
  response.setHeader('vary', 'origin');
  const { origin } = request.headers;
  if (origin === undefined || !corsOrigins.includes(origin)) return;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-expose-headers', exposedHeaders);
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
