import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorCode } from '../graphql/error-codes.ts';
import { acceptedBy } from './request/accept.ts';

/** The answer to a request that is not executed. Its message repeats nothing of the request. */
export interface Refusal {
  readonly status: 200 | 400 | 403 | 404 | 405 | 406 | 413 | 415 | 426 | 500 | 503;
  readonly message: string;
  /** Default: `BAD_REQUEST`. */
  readonly code?: ErrorCode;
  /** Seconds until a retry may help; undefined if it will not help. */
  readonly retryAfterSeconds?: number;
  /** Headers that the status requires, such as `allow` with a 405. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The refusal as an error of GraphQL. */
export function errorOf({ message, code = 'BAD_REQUEST', retryAfterSeconds }: Omit<Refusal, 'status'>) {
  const retry = retryAfterSeconds !== undefined && { retryable: true, retryAfterSeconds };
  return { message, extensions: { code, ...retry } };
}

/** Answers with the refusal. Closes the connection if too much of the request's body is unread. */
export function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const { status, retryAfterSeconds, headers } = refusal;
  const body = JSON.stringify({ errors: [errorOf(refusal)] });
  response.writeHead(status, {
    'content-type': `${acceptedBy(request.headers.accept).refusal}; charset=utf-8`,
    'content-length': Buffer.byteLength(body),
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
    ...headers,
    ...(!restIsShort(request) && { connection: 'close' }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** The longest body, in bytes, that Node may read and discard after the answer. */
const maxDiscarded = 131_072;

/**
 * Whether the connection can stay open: the request has arrived completely, or its body is short and none of it was read, so that Node
 * discards it. If connections closed, all clients that are refused under load would connect again.
 */
function restIsShort(request: IncomingMessage): boolean {
  if (request.complete) return true;
  const length = Number(request.headers['content-length'] ?? Number.NaN);
  return !request.readableDidRead && length <= maxDiscarded;
}
