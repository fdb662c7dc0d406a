import { type GraphQLSchema, isObjectType } from 'graphql';
import { isObject } from '../../base/is-object.ts';
import { referenceResolverOf } from '../schema/entities.ts';
import { handOver } from './hand-over.ts';
import type { Room } from './room.ts';
import { type AnswerRootField, needsNoInfo, noInfo, whenSettled } from './root-field.ts';
import { nullable, type Write } from './write.ts';

/** One type of entity that a document may be asked for. */
interface EntityPlan {
  readonly resolve: (reference: object, context: object) => unknown;
  readonly write: Write;
}

/**
 * `_entities`: each representation is resolved and written as its type says.
 *
 * @param writerOf the writer of an object type under this field.
 * @param room is reset for each answer.
 * @param frame puts around the list what stands before and behind it.
 */
export function answerEntities(
  schema: GraphQLSchema,
  writerOf: (typeName: string) => Write,
  room: Room,
  frame: (list: string) => string,
): AnswerRootField {
  const plans = new Map<string, EntityPlan>();
  for (const type of Object.values(schema.getTypeMap())) {
    const resolve = isObjectType(type) ? referenceResolverOf(type) : undefined;
    if (!resolve || !needsNoInfo(resolve)) continue;
    plans.set(type.name, {
      resolve: (reference, context) => resolve(reference, context, noInfo),
      write: nullable(ofType(type.name, writerOf(type.name))),
    });
  }
  const planOf = (representation: unknown): EntityPlan => {
    const typename = isObject(representation) ? representation['__typename'] : undefined;
    const plan = typeof typename === 'string' ? plans.get(typename) : undefined;
    if (!plan) throw handOver;
    return plan;
  };

  return ({ representations }, context) => {
    if (!Array.isArray(representations)) throw handOver;
    // All are looked at before the first is resolved: a throw in between would leave promises that nobody waits for.
    const chosen = representations.map(planOf);
    const entities = chosen.map(({ resolve }, at) => resolve(representations[at], context));
    return whenSettled(entities, (settled) => {
      if (!Array.isArray(settled)) throw handOver;
      room.reset();
      return frame(`[${chosen.map(({ write }, at) => write(settled[at])).join(',')}]`);
    });
  };
}

// @apollo/subgraph copies an object that says to be of another type, and leaves its getters behind.
const ofType =
  (typename: string, write: Write): Write =>
  (value) => {
    if (isObject(value) && '__typename' in value && value['__typename'] !== typename) throw handOver;
    return write(value);
  };
