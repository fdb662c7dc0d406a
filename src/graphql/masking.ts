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
    // Yoga's own: the document has no such operation, or several and none is named.
    if (code === 'OPERATION_RESOLUTION_FAILURE') {
      return clientError('BAD_REQUEST', 'The request does not say which operation of the document to run.', {
        httpStatus: 400,
      });
    }
    if (blamesAnArgument(error)) {
      return clientError('BAD_USER_INPUT', 'An argument has no value of its type.', { at: error });
    }
  }
  const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  emit({ event: 'defect', ...describeDefect(cause), requestId });
  return clientError('INTERNAL_SERVER_ERROR', 'The gateway failed.', {
    at: error instanceof GraphQLError ? error : undefined,
  });
}

// graphql finds a missing variable of a non-null argument while it executes: it blames a node of the argument, never a field, and
// repeats what was sent.
function blamesAnArgument(error: GraphQLError): boolean {
  return error.originalError === undefined && error.nodes?.some((node) => node.kind !== Kind.FIELD) === true;
}
