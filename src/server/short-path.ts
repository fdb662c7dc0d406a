import type { IncomingHttpHeaders } from 'node:http';
import type { GatewayContext } from '../graphql/context.ts';
import type { JsonType } from './request/accept.ts';
import type { Asked } from './request/asked.ts';
import type { Ready } from './request/read-asked.ts';

/**
 * Answers without Yoga, with the bytes that Yoga would send. Undefined if it cannot: then Yoga answers in the same context, which
 * remembers all calls.
 */
export type ShortPath = (
  asked: Asked,
  context: GatewayContext,
) => string | undefined | Promise<string | undefined>;

/** The type of an answer of the short path, or undefined where the answer is no JSON, or Yoga has more to do than to execute. */
export function shortPathType(
  { accepted: { query: type } }: Ready,
  headers: IncomingHttpHeaders,
): JsonType | undefined {
  if (headers['apollo-federation-include-trace'] !== undefined) return undefined;
  return type === 'application/json' || type === 'application/graphql-response+json' ? type : undefined;
}
