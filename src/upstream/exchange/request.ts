import type { Endpoint } from '../endpoint.ts';
import type { ExchangeRequest } from './exchange.ts';

/** What is asked, by whom. */
export interface Question {
  readonly token: string;
  readonly endpoint: Endpoint;
  readonly id: string;
  readonly requestId: string;
  readonly traceparent: string | undefined;
}

/** The request for a question, as the contract has it. */
export function createRequest(
  { token, endpoint, id, requestId, traceparent }: Question,
  { url, tokenIn }: { readonly url: URL; readonly tokenIn: 'header' | 'body' },
): ExchangeRequest {
  const inHeader = tokenIn === 'header';
  return {
    path: `${url.pathname.replace(/\/$/, '')}${endpoint.path}`,
    headers: {
      accept: 'application/json',
      // Without it, "any coding" is asked for: what a proxy of the upstream may take as leave to compress.
      'accept-encoding': 'identity',
      'content-type': 'application/json',
      'x-request-id': requestId,
      ...(traceparent && { traceparent }),
      ...(inHeader && { token }),
    },
    body: JSON.stringify({ [endpoint.idField]: id, ...(!inHeader && { token }) }),
  };
}
