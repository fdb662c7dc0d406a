import type { GraphQLFieldResolver, GraphQLResolveInfo } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { ArgumentValues } from './arguments.ts';
import type { Written } from './field-errors.ts';
import { handOver } from './hand-over.ts';
import { SharedView } from './shared-view.ts';
import type { Write } from './write.ts';

/** Resolves a root field and writes its value. Throws or rejects if Yoga has to answer. */
export type AnswerRootField = (args: ArgumentValues, context: GatewayContext) => Written | Promise<Written>;

/** Writes the settled value of a root field. The value is an Error if the resolver has failed. */
type WriteRoot = (value: unknown) => Written;

/** Called before and after a root field's value is written. */
export interface RootFrame {
  readonly begin: () => void;
  /** Adds the errors, and for the only root field the rest of the answer. */
  readonly end: (value: string) => Written;
}

/** Whether a resolver does not declare the fourth argument, GraphQLResolveInfo, which a plan cannot pass. */
export const needsNoInfo = (resolve: (...all: never[]) => unknown): boolean => resolve.length <= 3;

// Passed in its place to resolvers that do not declare it.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- none of its fields is ever read
export const noInfo = Object.freeze({}) as GraphQLResolveInfo;

export function answerRootField(
  resolve: GraphQLFieldResolver<unknown, GatewayContext>,
  writeValue: Write,
  { begin, end }: RootFrame,
): AnswerRootField {
  const writeAnew = (value: unknown) => {
    begin();
    return end(writeValue(value));
  };
  const write = (value: unknown) =>
    value instanceof SharedView ? value.writtenBy(writeAnew) : writeAnew(value);
  const writeError = (reason: unknown) => write(asError(reason));
  return (args, context) => {
    const value: unknown = resolve(undefined, args, context, noInfo);
    if (value instanceof Promise) return value.then(write, writeError);
    return Array.isArray(value) ? whenSettled(value, write) : write(value);
  };
}

/** Writes a list once its promises have settled. All have a handler from the start, so that there is no unhandled rejection. */
export function whenSettled(items: readonly unknown[], write: WriteRoot): Written | Promise<Written> {
  if (!items.some((item) => item instanceof Promise)) return write(items);
  const writeErrors = async () => {
    const settled = await Promise.allSettled(items);
    return write(settled.map((item) => (item.status === 'fulfilled' ? item.value : asError(item.reason))));
  };
  return Promise.all(items).then(write, writeErrors);
}

function asError(reason: unknown): Error {
  if (reason instanceof Error) return reason;
  throw handOver;
}
