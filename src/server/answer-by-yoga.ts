import type { IncomingHttpHeaders } from 'node:http';
import type { GatewayContext } from '../graphql/context.ts';
import type { Accepted } from './request/accept.ts';
import type { Ready } from './request/read-asked.ts';
import type { GraphqlHandler } from './yoga.ts';

/** A complete answer, before it is written. */
export interface WholeAnswer {
  readonly status: number;
  /** A flat list of names and values, without the headers of every answer. */
  readonly headers: readonly string[];
  readonly body: string;
}

/** Yoga's answer. A query that asked for a stream gets a stream of one event, so every answer is complete and bounded. */
export async function answerByYoga(
  { asked, method, accepted }: Ready,
  headers: IncomingHttpHeaders,
  context: GatewayContext,
  handle: GraphqlHandler,
): Promise<WholeAnswer> {
  const answer = await handle(asked, { method, headers: headersForYoga(accepted, headers) }, context);
  // Drop Yoga's other headers: the front sets its own, and those of an event stream would allow caches to keep it.
  const kept = ['content-type', 'allow'].flatMap((name) => {
    const value = answer.headers.get(name);
    return value ? [name, value] : [];
  });
  return { status: answer.status, headers: kept, body: await answer.text() };
}

// Yoga chooses the type by the kind of operation, which only it knows, but ignores weights. So it gets the negotiated types only.
function headersForYoga(
  { query, subscription }: Accepted,
  { 'apollo-federation-include-trace': trace }: IncomingHttpHeaders,
) {
  return {
    accept: [query, subscription].filter((type) => type !== undefined).join(', '),
    ...(typeof trace === 'string' && { 'apollo-federation-include-trace': trace }),
  };
}
