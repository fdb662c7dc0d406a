import {
  defaultFieldResolver,
  type GraphQLField,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isObjectType,
} from 'graphql';
import type { GatewayContext } from '../context.ts';
import { errorAt } from '../error-at.ts';
import { jsonBytes } from './json-bytes.ts';

type Resolver = GraphQLFieldResolver<unknown, GatewayContext>;

// From the counting resolver to the domain's own.
const originals = new WeakMap<Resolver, Resolver>();

/** Makes each resolver count its result. Fields without a resolver are counted by `countedDefault`. */
export function countFields(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const { resolve } = field;
      if (!resolve) continue;
      field.resolve = counted(resolve);
      originals.set(field.resolve, resolve);
    }
  }
  return schema;
}

/** A field's resolver without counting: for a plan, which limits its answers in another way. */
export const uncounted = ({ resolve }: GraphQLField<unknown, GatewayContext>): Resolver | undefined =>
  resolve && (originals.get(resolve) ?? resolve);

// Thrown for each remaining field once an operation is refused; no client sees it. It has a path, so that graphql does not wrap it in
// another error, which would cost more than the field.
const ended = new GraphQLError('The operation has ended.', { path: [] });

// `"":,`
const bytesAroundKey = 4;

function counted(resolve: Resolver): Resolver {
  return (source, args, context, info) => {
    const { operation } = context;
    if (operation.refusal) throw ended;
    const { answer } = operation;
    answer.add(String(info.path.key).length + bytesAroundKey);
    let value: unknown;
    try {
      value = resolve(source, args, context, info);
    } catch (error) {
      throw failed(error, context, info);
    }
    if (value instanceof Promise) {
      return value.then(
        (settled: unknown) => served(settled, args, context, info),
        (error: unknown) => {
          throw failed(error, context, info);
        },
      );
    }
    return served(value, args, context, info);
  };
}

export const countedDefault: Resolver = counted(defaultFieldResolver);

/** Counts a value and returns it. */
function served(value: unknown, args: object, context: GatewayContext, info: GraphQLResolveInfo): unknown {
  const { operation } = context;
  if (value instanceof Error) throw failed(value, context, info);
  operation.answer.add(jsonBytes(value));
  if (!Array.isArray(value)) {
    if (operation.refusal) throw ended;
    return value;
  }
  // Items of a list argument are part of the estimate and not counted again.
  const unasked = value.length - longestList(args);
  if (unasked > 0) operation.answer.addItems(unasked, info.fieldNodes);
  const items = value.map((item: unknown, index) => {
    if (item instanceof Error) return failed(item, context, info, index);
    if (!(item instanceof Promise)) return item;
    return item.catch((error: unknown) => {
      throw failed(error, context, info, index);
    });
  });
  if (!operation.refusal) return items;
  // Nothing awaits these promises any more; without a handler, a rejection would end the process.
  void Promise.allSettled(items);
  throw ended;
}

/** Counts an error and returns the error to throw. */
function failed(
  error: unknown,
  { operation }: GatewayContext,
  info: GraphQLResolveInfo,
  index?: number,
): unknown {
  if (operation.refusal) return ended;
  const placed = errorAt(error, info, index);
  operation.answer.addError(Buffer.byteLength(JSON.stringify(placed)));
  return operation.refusal ? ended : placed;
}

function longestList(args: object): number {
  let longest = 0;
  for (const value of Object.values(args))
    if (Array.isArray(value)) longest = Math.max(longest, value.length);
  return longest;
}
