import type { GraphQLError } from 'graphql';
import type { Answered } from '../upstream/failures.ts';
import type { Decoded } from '../upstream/answer/values.ts';
import { clientError } from './errors.ts';

/** The value of a field, or the error in its place. */
export type FieldValue<T> = T | GraphQLError;

/**
 * An object of this type of the schema, with one getter per field. A value is decoded when it is read, so the cost follows the
 * selection. A value that cannot be decoded is an error in its place; the other fields are served.
 */
export type View<Type> = {
  readonly [Name in Exclude<keyof Type, '__typename'>]: FieldValue<Type[Name]>;
};

/**
 * The value of one field, from its decoded value.
 *
 * @returns an error `UPSTREAM_INVALID_FIELD` if it could not be decoded. graphql treats a returned error as the field's failure and
 * adds the path. It is not thrown, because a plan would then have to catch it around each getter.
 */
export function fieldValue<T>(decoded: Decoded<T>, upstream: Answered): FieldValue<T> {
  if (decoded.ok) return decoded.value;
  return clientError(
    'UPSTREAM_INVALID_FIELD',
    `The upstream's value of this field is not ${decoded.wanted}.`,
    { upstream },
  );
}
