import { GraphQLError, Kind } from 'graphql';
import type { Emit } from '../observe/events.ts';
import { describeDefect } from '../observe/defect.ts';
import { PlacedError } from './error-at.ts';
import { isErrorCode } from './error-codes.ts';
import { clientError } from './errors.ts';

/**
 * Returns an error with one of the codes of `errorCodes`. An unexpected error that the caller did not cause is a bug of ours: it is logged
 * and masked.
 */
export function maskError(error: unknown, emit: Emit, requestId: string | undefined): GraphQLError {
  if (error instanceof PlacedError) return error;
  if (error instanceof GraphQLError) {
    const code = error.extensions['code'];
    if (isErrorCode(code)) return error;
    // Yoga's code: the document has no operation of this name, or it has several and the request names none.
    if (code === 'OPERATION_RESOLUTION_FAILURE') {
      return clientError('BAD_REQUEST', 'The request does not say which operation of the document to run.', {
        httpStatus: 400,
      });
    }
    if (blamesAnArgument(error)) {
      return clientError('BAD_USER_INPUT', 'An argument is missing, or has no value of its type.', {
        at: error,
      });
    }
  }
  const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  emit({ event: 'defect', ...describeDefect(cause), requestId });
  return clientError('INTERNAL_SERVER_ERROR', 'The gateway failed.', {
    at: error instanceof GraphQLError ? error : undefined,
  });
}

// graphql notices a missing variable of a non-null argument only during the execution. Its error points to a node of the argument,
// never to a field, and its message repeats the value.
function blamesAnArgument(error: GraphQLError): boolean {
  return error.originalError === undefined && error.nodes?.some((node) => node.kind !== Kind.FIELD) === true;
}
