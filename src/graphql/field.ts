import type { Answered } from '../upstream/failures.ts';
import type { Decoded } from '../upstream/answer/values.ts';
import { clientError } from './errors.ts';

/**
 * The value of one field, decoded when it is asked for.
 *
 * @throws a GraphQLError `UPSTREAM_INVALID_FIELD`; graphql adds the path, and the rest of the record is served.
 */
export function fieldValue<T>(decoded: Decoded<T>, upstream: Answered): T {
  if (decoded.ok) return decoded.value;
  throw clientError(
    'UPSTREAM_INVALID_FIELD',
    `The upstream's value of this field is not ${decoded.wanted}.`,
    {
      upstream,
    },
  );
}
