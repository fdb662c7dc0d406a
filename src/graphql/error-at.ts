import { GraphQLError, type GraphQLResolveInfo, responsePathAsArray } from 'graphql';
import { isErrorCode } from './error-codes.ts';
import { maxLocations, withoutStack } from './errors.ts';
import { locationsOf } from './locations.ts';

/**
 * An error of the closed set in its place in the answer, so that graphql makes none of its own. Anything else is given back as it
 * came: it is a defect, and graphql keeps what is to be logged of it.
 *
 * @param index the place in the list that the field holds, if it is an item's error.
 */
export function errorAt(error: unknown, { path, fieldNodes }: GraphQLResolveInfo, index?: number): unknown {
  if (!(error instanceof GraphQLError) || error.path || !isErrorCode(error.extensions['code'])) return error;
  const { message, extensions } = error;
  const keys = responsePathAsArray(path);
  if (index !== undefined) keys.push(index);
  const placed = withoutStack(() => new GraphQLError(message, { path: keys, extensions }));
  return Object.assign(placed, { locations: locationsOf(fieldNodes.slice(0, maxLocations)) });
}
