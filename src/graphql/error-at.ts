import {
  GraphQLError,
  type GraphQLErrorExtensions,
  type GraphQLFormattedError,
  type GraphQLResolveInfo,
  responsePathAsArray,
  type SourceLocation,
} from 'graphql';
import { isErrorCode } from './error-codes.ts';
import { maxLocations, withoutStack } from './errors.ts';
import { locationsOf } from './locations.ts';

/**
 * An error of the closed set in its place in the answer, in which graphql and Yoga change nothing. They would make two more of each,
 * with a stack, and read the document from its begin for each: with a thousand lines that is ten times the cost.
 */
export class PlacedError extends Error implements GraphQLError {
  readonly path: readonly (string | number)[];
  readonly locations: readonly SourceLocation[];
  readonly extensions: GraphQLErrorExtensions;
  // What a GraphQLError keeps to make others of.
  readonly nodes = undefined;
  readonly source = undefined;
  readonly positions = undefined;
  readonly originalError = undefined;

  constructor(
    { message, extensions }: GraphQLError,
    path: readonly (string | number)[],
    locations: readonly SourceLocation[],
  ) {
    super(message);
    this.path = path;
    this.locations = locations;
    this.extensions = extensions;
  }

  get [Symbol.toStringTag](): string {
    return 'Object';
  }

  toJSON(): GraphQLFormattedError {
    const { message, locations, path, extensions } = this;
    return { message, locations, path, extensions };
  }
}

/**
 * Puts an error of the closed set in its place. Anything else is given back as it came: it is a defect, and graphql keeps what is to
 * be logged of it.
 *
 * @param index the place in the list that the field holds, if it is an item's error.
 */
export function errorAt(error: unknown, { path, fieldNodes }: GraphQLResolveInfo, index?: number): unknown {
  if (!(error instanceof GraphQLError) || error.path || !isErrorCode(error.extensions['code'])) return error;
  const keys = responsePathAsArray(path);
  if (index !== undefined) keys.push(index);
  const locations = locationsOf(fieldNodes.slice(0, maxLocations));
  return withoutStack(() => new PlacedError(error, keys, locations));
}
