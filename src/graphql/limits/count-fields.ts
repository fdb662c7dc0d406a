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

// By the counted one, the resolver that a domain gave.
const originals = new WeakMap<Resolver, Resolver>();

/** Counts what each field that has a resolver serves. Those without one are counted by `countedDefault`. */
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

/** A field's resolver as its domain gave it: for a plan, which bounds its answers in another way. */
export const uncounted = ({ resolve }: GraphQLField<unknown, GatewayContext>): Resolver | undefined =>
  resolve && (originals.get(resolve) ?? resolve);

// Thrown in the place of each field that is left once an operation is refused, and shown to nobody. It has a path, so graphql
// makes no error of its own of it: that would cost more than the field.
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

/** Counts a value, and gives it to be served. */
function served(value: unknown, args: object, context: GatewayContext, info: GraphQLResolveInfo): unknown {
  const { operation } = context;
  if (value instanceof Error) throw failed(value, context, info);
  operation.answer.add(jsonBytes(value));
  if (!Array.isArray(value)) {
    if (operation.refusal) throw ended;
    return value;
  }
  // What a list argument asks for has been counted before the execution.
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
  // Nobody waits for them any more.
  void Promise.allSettled(items);
  throw ended;
}

/** Counts an error, and gives what is to be thrown in its place. */
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
