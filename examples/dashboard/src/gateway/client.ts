import { createClient as createSseClient, NetworkError } from 'graphql-sse';
import { Client, fetchExchange, subscriptionExchange } from 'urql';
import { trustedDocumentsExchange } from './trusted-documents.ts';

export const gatewayUrl = new URL(import.meta.env.VITE_GATEWAY_URL || '/graphql', location.href).href;

/** A client for one token, which lives here and nowhere else. No cache: what is live would only be older in it. */
export function createClient(token: string): Client {
  const headers = { token };
  // It tells a stream that is over from one that was cut. When to come back is the page's to say, which shows it.
  const stream = createSseClient({ url: gatewayUrl, headers, retryAttempts: 0, fetchFn });
  return new Client({
    url: gatewayUrl,
    preferGetMethod: false,
    fetchOptions: { headers },
    exchanges: [
      trustedDocumentsExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables = {}, extensions = {} }) => ({
          subscribe: (sink) => ({
            unsubscribe: stream.subscribe<Record<string, unknown>>(
              { query, variables, extensions },
              {
                // urql keeps the errors of the event before unless it is told that there are none.
                next: ({ data = null, errors = [] }) => sink.next({ data, errors: [...errors] }),
                error: (error) => sink.error(error),
                complete: () => sink.complete(),
              },
            ),
          }),
        }),
      }),
      fetchExchange,
    ],
  });
}

/** Reads a refusal at once: when it is told of, its connection is closed. */
async function fetchFn(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  if (response.ok) return response;
  const { status, headers } = response;
  return new Response(await response.text(), { status, headers });
}

/** What the gateway said when it refused a stream before its first event. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  /** As the response's `Retry-After` says. */
  readonly retryAfterMs: number | undefined;
}

/** @returns undefined where no gateway answered, or a stream was cut. */
export async function refusalIn(error: Error): Promise<Refusal | undefined> {
  const response = error instanceof NetworkError ? error.response : undefined;
  if (!(response instanceof Response)) return undefined;
  const body: unknown = await response.json().catch(() => undefined);
  const first = firstErrorOf(body);
  if (!first) return undefined;
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return {
    code: first.extensions?.code ?? 'UNKNOWN',
    message: first.message ?? '',
    retryable: first.extensions?.retryable === true,
    retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : undefined,
  };
}

interface RefusalError {
  readonly message?: string;
  readonly extensions?: { readonly code?: string; readonly retryable?: boolean };
}

function firstErrorOf(body: unknown): RefusalError | undefined {
  if (typeof body !== 'object' || !body || !('errors' in body) || !Array.isArray(body.errors)) return undefined;
  return body.errors[0];
}
