import type { GraphQLFieldResolver, GraphQLResolveInfo } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { ArgumentValues } from './arguments.ts';
import type { Write } from './write.ts';

/** Resolves a root field and writes its value. Throws or rejects where a plan hands over, and with what the resolver throws. */
export type AnswerRootField = (args: ArgumentValues, context: GatewayContext) => string | Promise<string>;

/** Whether a resolver can do without its fourth argument, which says where in the document it is: a plan has none to give. */
export const needsNoInfo = (resolve: (...all: never[]) => unknown): boolean => resolve.length <= 3;

// Stands for it in the calls of resolvers that do not take it.
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

/** Writes a list once its promises are settled. All of them have a handler from the begin, so that none can reject unheard. */
export function whenSettled(items: readonly unknown[], write: Write): string | Promise<string> {
  return items.some((item) => item instanceof Promise) ? Promise.all(items).then(write) : write(items);
}
