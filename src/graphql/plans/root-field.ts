import type { GraphQLFieldResolver, GraphQLResolveInfo } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { ArgumentValues } from './arguments.ts';
import type { Write } from './write.ts';

/** Resolves a root field and writes its value. Throws or rejects with `handOver`, or with the resolver's error. */
export type AnswerRootField = (args: ArgumentValues, context: GatewayContext) => string | Promise<string>;

/** Whether a resolver does not declare the fourth argument, GraphQLResolveInfo, which a plan cannot pass. */
export const needsNoInfo = (resolve: (...all: never[]) => unknown): boolean => resolve.length <= 3;

// Passed in its place to resolvers that do not declare it.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- none of its fields is ever read
export const noInfo = Object.freeze({}) as GraphQLResolveInfo;

export function answerRootField(
  resolve: GraphQLFieldResolver<unknown, GatewayContext>,
  write: Write,
): AnswerRootField {
  return (args, context) => {
    const value: unknown = resolve(undefined, args, context, noInfo);
    if (value instanceof Promise) return value.then(write);
    return Array.isArray(value) ? whenSettled(value, write) : write(value);
  };
}

/** Writes a list once its promises have settled. All have a handler from the start, so that there is no unhandled rejection. */
export function whenSettled(items: readonly unknown[], write: Write): string | Promise<string> {
  return items.some((item) => item instanceof Promise) ? Promise.all(items).then(write) : write(items);
}
