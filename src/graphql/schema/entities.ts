import { type ApolloGraphQLObjectTypeExtensions, entitiesResolver } from '@apollo/subgraph';
import { type GraphQLFieldResolver, type GraphQLObjectType, type GraphQLSchema, isObjectType } from 'graphql';
import { isObject } from '../../base/is-object.ts';
import type { GatewayContext } from '../context.ts';
import { clientError } from '../errors.ts';

/**
 * `Query._entities`: each representation succeeds or fails on its own. The resolver of @apollo/subgraph, if it gets the whole list,
 * fails for all of them if one has an unknown type.
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

// GraphQL does not coerce representations: a value can be any JSON.
function isResolvable(
  schema: GraphQLSchema,
  representation: unknown,
): representation is { __typename: string } {
  if (!isObject(representation) || typeof representation['__typename'] !== 'string') return false;
  const type = schema.getType(representation['__typename']);
  return isObjectType(type) && referenceResolverOf(type) !== undefined;
}

/** The resolver for representations of this type; undefined if the type is not an entity of this subgraph. */
export function referenceResolverOf({ extensions }: GraphQLObjectType) {
  const { apollo }: ApolloGraphQLObjectTypeExtensions = extensions;
  return apollo?.subgraph?.resolveReference;
}
