import { type GraphQLSchema, isObjectType } from 'graphql';
import { isObject } from '../../base/is-object.ts';
import { referenceResolverOf } from '../schema/entities.ts';
import { handOver } from './hand-over.ts';
import { type AnswerRootField, needsNoInfo, noInfo, type RootFrame, whenSettled } from './root-field.ts';
import type { Write } from './write.ts';

/** The plan for one entity type of a document. */
interface EntityPlan {
  readonly resolve: (reference: object, context: object) => unknown;
  readonly write: Write;
}

/**
 * `_entities`: resolves and writes each representation by its type.
 *
 * @param writerOf the writer of an item that is an object of this type, null or an error.
 * @param indices gets the index of each item.
 */
export function answerEntities(
  schema: GraphQLSchema,
  writerOf: (typeName: string) => Write,
  { begin, end }: RootFrame,
  indices: number[],
): AnswerRootField {
  const plans = new Map<string, EntityPlan>();
  for (const type of Object.values(schema.getTypeMap())) {
    const resolve = isObjectType(type) ? referenceResolverOf(type) : undefined;
    if (!resolve || !needsNoInfo(resolve)) continue;
    plans.set(type.name, {
      resolve: (reference, context) => resolve(reference, context, noInfo),
      write: ofType(type.name, writerOf(type.name)),
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
    // All representations are checked before the first is resolved: an error in between would leave promises without a handler.
    const chosen = representations.map(planOf);
    const entities = chosen.map(({ resolve }, at) => resolve(representations[at], context));
    return whenSettled(entities, (settled) => {
      if (!Array.isArray(settled)) throw handOver;
      begin();
      const texts = chosen.map(({ write }, at) => {
        indices[0] = at;
        return write(settled[at]);
      });
      return end(`[${texts.join(',')}]`);
    });
  };
}

// @apollo/subgraph copies an object whose `__typename` is another type, and loses its getters.
const ofType =
  (typename: string, write: Write): Write =>
  (value) => {
    if (isObject(value) && '__typename' in value && value['__typename'] !== typename) throw handOver;
    return write(value);
  };
