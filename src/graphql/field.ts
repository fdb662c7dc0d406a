import type { GraphQLError } from 'graphql';
import type { Answered } from '../upstream/failures.ts';
import type { Decoded } from '../upstream/answer/values.ts';
import { clientError } from './errors.ts';

/** What a field can be asked for: its value, or the error that stands in its place. */
export type FieldValue<T> = T | GraphQLError;

/**
 * What stands for an object of this type of the schema, with a getter a field: a value is decoded when it is asked for, so the cost
 * follows the selection, and one that cannot be decoded is an error in its place while the rest is served.
 */
export type View<Type> = {
  readonly [Name in Exclude<keyof Type, '__typename'>]: FieldValue<Type[Name]>;
};

/**
 * The value of one field, decoded when it is asked for.
 *
 * @returns a GraphQLError `UPSTREAM_INVALID_FIELD` in its place where it cannot be; graphql takes it for the field's failure and
 * adds the path. Not thrown: a getter that throws would have to be caught wherever a plan reads it.
 */
export function fieldValue<T>(decoded: Decoded<T>, upstream: Answered): FieldValue<T> {
  if (decoded.ok) return decoded.value;
  return clientError(
    'UPSTREAM_INVALID_FIELD',
    `The upstream's value of this field is not ${decoded.wanted}.`,
    { upstream },
  );
}
