import type { IncomingHttpHeaders } from 'node:http';

// In order of precedence. Apollo's clients send the first, other clients the second or the third.
const headers = ['apollographql-client-name', 'graphql-client-name', 'x-graphql-client-name'] as const;

/**
 * The name that the client sends, if it is in `CLIENTS`; otherwise `other`, so that callers cannot create metric labels. Undefined if
 * `CLIENTS` is empty.
 */
export function clientNameOf(given: IncomingHttpHeaders, listed: ReadonlySet<string>): string | undefined {
  if (listed.size === 0) return undefined;
  for (const header of headers) {
    const name = given[header];
    if (typeof name === 'string' && name !== '') return listed.has(name) ? name : 'other';
  }
  return 'other';
}
