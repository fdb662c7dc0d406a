import { type ApolloGraphQLObjectTypeExtensions, entitiesResolver } from '@apollo/subgraph';
import { type GraphQLFieldResolver, type GraphQLObjectType, type GraphQLSchema, isObjectType } from 'graphql';
import { isObject } from '../../base/is-object.ts';
import type { GatewayContext } from '../context.ts';
import { clientError } from '../errors.ts';

/**
 * `Query._entities`: each representation succeeds or fails in its own place, with an error of the closed set. Given all of them,
 * @apollo/subgraph's own resolver throws for the whole list where one is of an unknown type.
 */
export const resolveEntities: GraphQLFieldResolver<
  unknown,
  GatewayContext,
  { representations: unknown[] }
> = (_source, { representations }, context, info) => {
  return representations.map((representation) => {
    if (!isResolvable(info.schema, representation)) {
      return clientError('BAD_USER_INPUT', 'A representation is not of an entity that can be resolved here.');
    }
    const [entity] = entitiesResolver({ representations: [representation], context, info });
    return entity;
  });
};

// Representations reach a resolver without being coerced: they can be anything that JSON can be.
function isResolvable(
  schema: GraphQLSchema,
  representation: unknown,
): representation is { __typename: string } {
  if (!isObject(representation) || typeof representation['__typename'] !== 'string') return false;
  const type = schema.getType(representation['__typename']);
  return isObjectType(type) && referenceResolverOf(type) !== undefined;
}

/** How a representation of this type is resolved; undefined where it is no entity of ours. */
export function referenceResolverOf({ extensions }: GraphQLObjectType) {
  const { apollo }: ApolloGraphQLObjectTypeExtensions = extensions;
  return apollo?.subgraph?.resolveReference;
}
