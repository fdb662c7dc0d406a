import type { IncomingHttpHeaders } from 'node:http';
import type { GatewayContext } from '../graphql/context.ts';
import type { Accepted } from './request/accept.ts';
import type { Ready } from './request/read-asked.ts';
import type { GraphqlHandler } from './yoga.ts';

/** An answer that is not written yet. */
export interface WholeAnswer {
  readonly status: number;
  /** Names and values in turn, but for those of every answer. */
  readonly headers: readonly string[];
  readonly body: string;
}

/** Has Yoga answer what is asked. A stream of a query's one answer is bounded, and so is one whole answer. */
export async function answerByYoga(
  { asked, method, accepted }: Ready,
  headers: IncomingHttpHeaders,
  context: GatewayContext,
  handle: GraphqlHandler,
): Promise<WholeAnswer> {
  const answer = await handle(asked, { method, headers: headersForYoga(accepted, headers) }, context);
  // The others that Yoga sets are ours to set, or wrong: an event stream's say that it may be kept.
  const kept = ['content-type', 'allow'].flatMap((name) => {
    const value = answer.headers.get(name);
    return value ? [name, value] : [];
  });
  return { status: answer.status, headers: kept, body: await answer.text() };
}

// Yoga picks the type by the kind of the operation, which only it knows. It would not heed weights: so it is told the outcome.
function headersForYoga(
  { query, subscription }: Accepted,
  { 'apollo-federation-include-trace': trace }: IncomingHttpHeaders,
) {
  return {
    accept: [query, subscription].filter((type) => type !== undefined).join(', '),
    ...(typeof trace === 'string' && { 'apollo-federation-include-trace': trace }),
  };
}
