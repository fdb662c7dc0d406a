import {
  type FieldNode,
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
 * An error with a code of `errorCodes`, and with its path and locations. graphql and Yoga serve it as it is. From any other error they
 * would make two more, each with a stack, and scan the document from its start for the locations: ten times the cost for a document of
 * a thousand lines.
 */
export class PlacedError extends Error implements GraphQLError {
  readonly path: readonly (string | number)[];
  readonly locations: readonly SourceLocation[];
  readonly extensions: GraphQLErrorExtensions;
  // A GraphQLError needs these fields only if another error is made from it.
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
 * Adds path and locations to an error with a code of `errorCodes`. Returns any other error unchanged: it is a bug of ours, and graphql
 * keeps the original for the log.
 *
 * @param index the index in the field's list, if it is the error of one item.
 */
export function errorAt(error: unknown, { path, fieldNodes }: GraphQLResolveInfo, index?: number): unknown {
  if (!isPlaceable(error)) return error;
  const keys = responsePathAsArray(path);
  if (index !== undefined) keys.push(index);
  return placeError(error, keys, fieldNodes);
}

/** Whether it is an error with a code of `errorCodes` that has no path yet. */
export function isPlaceable(error: unknown): error is GraphQLError {
  return error instanceof GraphQLError && !error.path && isErrorCode(error.extensions['code']);
}

/** @param nodes the field in the document; several if its selections are merged. */
export function placeError(
  error: GraphQLError,
  path: readonly (string | number)[],
  nodes: readonly FieldNode[],
): PlacedError {
  const locations = locationsOf(nodes.slice(0, maxLocations));
  return withoutStack(() => new PlacedError(error, path, locations));
}
