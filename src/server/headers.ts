import type { IncomingMessage, ServerResponse } from 'node:http';

// What we read of a request, and so what a page of another origin may send.
const requestHeaders = 'authorization, content-type, token, traceparent, x-request-id';
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

/** Answers a preflight. An origin that is not listed is told nothing, and its browser sends nothing more. */
export function answerPreflight(response: ServerResponse, allow: string): void {
  if (response.hasHeader('access-control-allow-origin')) {
    response.setHeader('access-control-allow-methods', allow);
    response.setHeader('access-control-allow-headers', requestHeaders);
    response.setHeader('access-control-max-age', preflightSeconds);
  }
  response.writeHead(204, { allow }).end();
}
