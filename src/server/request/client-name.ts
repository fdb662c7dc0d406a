import type { IncomingHttpHeaders } from 'node:http';

// In this order: Apollo's own clients and studio know the first, others the second or the third.
const headers = ['apollographql-client-name', 'graphql-client-name', 'x-graphql-client-name'] as const;

/**
 * What the client calls itself, if the operator has listed it, otherwise `other`: a label of metrics must not be of a caller's choosing.
 * Undefined where no names are listed.
 */
export function clientNameOf(given: IncomingHttpHeaders, listed: ReadonlySet<string>): string | undefined {
  if (listed.size === 0) return undefined;
  for (const header of headers) {
    const name = given[header];
    if (typeof name === 'string' && name !== '') return listed.has(name) ? name : 'other';
  }
  return 'other';
}
