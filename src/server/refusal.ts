import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorCode } from '../graphql/error-codes.ts';
import { acceptedBy } from './request/accept.ts';

/** Why a request is answered before it is GraphQL. Nothing of what was sent is repeated. */
export interface Refusal {
  readonly status: 200 | 400 | 404 | 405 | 406 | 413 | 415 | 500 | 503;
  readonly message: string;
  /** `BAD_REQUEST` where it is left out. */
  readonly code?: ErrorCode;
  /** Whether asking again may help. */
  readonly retryable?: boolean;
  /** What the status asks for: `allow` with a 405, `retry-after` with a 503. */
  readonly headers?: Readonly<Record<string, string>>;
}

export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { status, message, code = 'BAD_REQUEST', retryable, headers }: Refusal,
): void {
  const body = JSON.stringify({
    errors: [{ message, extensions: { code, ...(retryable && { retryable }) } }],
  });
  response.writeHead(status, {
    'content-type': `${acceptedBy(request.headers.accept).refusal}; charset=utf-8`,
    'content-length': Buffer.byteLength(body),
    ...headers,
    // What is left of the body is not read: the next request could not be told from it.
    ...(!request.complete && { connection: 'close' }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
