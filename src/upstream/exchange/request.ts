import type { Endpoint } from '../endpoint.ts';
import type { ExchangeRequest } from './exchange.ts';

/** The token, and the ID to ask for. */
export interface Question {
  readonly token: string;
  readonly endpoint: Endpoint;
  readonly id: string;
  readonly requestId: string;
  readonly traceparent: string | undefined;
}

/** Makes HTTP requests from questions, as the contract defines them. */
export function createRequests({
  url,
  tokenIn,
}: {
  readonly url: URL;
  readonly tokenIn: 'header' | 'body';
}): (question: Question) => ExchangeRequest {
  const prefix = url.pathname.replace(/\/$/, '');
  const inHeader = tokenIn === 'header';
  return ({ token, endpoint, id, requestId, traceparent }) => {
    // Without `accept-encoding`, any encoding is acceptable by the standard, and a proxy might compress the answer.
    const headers = [
      'accept',
      'application/json',
      'accept-encoding',
      'identity',
      'content-type',
      'application/json',
      'x-request-id',
      requestId,
    ];
    if (traceparent) headers.push('traceparent', traceparent);
    if (inHeader) headers.push('token', token);
    const body = JSON.stringify(inHeader ? { [endpoint.idField]: id } : { [endpoint.idField]: id, token });
    return { path: prefix + endpoint.path, headers, body };
  };
}
