import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorCode } from '../graphql/error-codes.ts';
import { acceptedBy } from './request/accept.ts';

/** Why a request is answered before it is GraphQL. Nothing of what was sent is repeated. */
export interface Refusal {
  readonly status: 200 | 400 | 403 | 404 | 405 | 406 | 413 | 415 | 426 | 500 | 503;
  readonly message: string;
  /** `BAD_REQUEST` where it is left out. */
  readonly code?: ErrorCode;
  /** Seconds after which asking again may help. */
  readonly retryAfterSeconds?: number;
  /** What the status asks for, such as `allow` with a 405. */
  readonly headers?: Readonly<Record<string, string>>;
}

export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { status, message, code = 'BAD_REQUEST', retryAfterSeconds, headers }: Refusal,
): void {
  const retry = retryAfterSeconds !== undefined && { retryable: true, retryAfterSeconds };
  const body = JSON.stringify({ errors: [{ message, extensions: { code, ...retry } }] });
  response.writeHead(status, {
    'content-type': `${acceptedBy(request.headers.accept).refusal}; charset=utf-8`,
    'content-length': Buffer.byteLength(body),
    ...(retry && { 'retry-after': String(retryAfterSeconds) }),
    ...headers,
    ...(!restIsShort(request) && { connection: 'close' }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** The longest body that is read and thrown away behind an answer, in bytes. */
const maxDiscarded = 131_072;

/**
 * Whether the connection can go on: the request has come in whole, or Node will throw away the little that is left of it. It does that
 * for a body of which nothing was read yet. Clients that are refused under load would otherwise all connect anew.
 */
function restIsShort(request: IncomingMessage): boolean {
  if (request.complete) return true;
  const length = Number(request.headers['content-length'] ?? Number.NaN);
  return !request.readableDidRead && length <= maxDiscarded;
}
