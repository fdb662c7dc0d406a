import { GraphQLError } from 'graphql';
import type { Answered, UpstreamFailure } from '../upstream/failures.ts';
import { type ErrorCode, errorCodes } from './error-codes.ts';

interface Details {
  readonly upstream?: Answered | undefined;
  /** The HTTP status, if the operation is not executed. */
  readonly httpStatus?: number;
  /** Milliseconds from now. */
  readonly retryAfterMs?: number | undefined;
  /** The error to replace. The new one gets its path, and its first locations. */
  readonly at?: GraphQLError | undefined;
}

/** Maximum number of locations of one error. For a hundred variables of the same name, graphql lists a hundred. */
export const maxLocations = 2;

/** Creates the errors that clients see; nothing else does. The caller may read everything in `message`. */
export function clientError(code: ErrorCode, message: string, details: Details = {}): GraphQLError {
  const { nodes, source, positions, path } = details.at ?? {};
  return withoutStack(
    () =>
      new GraphQLError(message, {
        nodes: nodes?.slice(0, maxLocations) ?? null,
        source,
        positions: positions?.slice(0, maxLocations),
        path,
        extensions: {
          code,
          ...(errorCodes[code].retryable && { retryable: true }),
          ...(details.retryAfterMs !== undefined && { retryAfterSeconds: inSeconds(details.retryAfterMs) }),
          ...(details.upstream && { upstream: details.upstream }),
          // Yoga reads `http` and removes it from the answer. With `spec`, an answer of type application/json keeps its status 200.
          ...(details.httpStatus && { http: { status: details.httpStatus, spec: true } }),
        },
      }),
  );
}

export const tooManyCalls = (maxCalls: number): GraphQLError =>
  clientError('TOO_MANY_UPSTREAM_CALLS', `The operation needs more than ${maxCalls} calls to the upstream.`);

/** The client's error for a failure upstream. */
export function failureToError(failure: UpstreamFailure): GraphQLError {
  const upstream = 'answered' in failure ? failure.answered : undefined;
  const error = (code: ErrorCode, message: string) => clientError(code, message, { upstream });
  switch (failure.kind) {
    case 'unauthenticated':
      return error(
        'UNAUTHENTICATED',
        upstream ? 'The upstream does not accept the credential.' : 'A usable credential is needed.',
      );
    case 'forbidden':
      return error('FORBIDDEN', 'The upstream does not allow this caller to see it.');
    case 'not-found':
      return error('NOT_FOUND', 'The upstream does not have it.');
    case 'rejected':
      return error('UPSTREAM_REJECTED', failure.message || 'The upstream refused and gave no reason.');
    case 'unavailable':
      return clientError('UPSTREAM_UNAVAILABLE', 'The upstream is not available.', {
        upstream,
        retryAfterMs: failure.retryAfterMs,
      });
    case 'timeout':
      return error('UPSTREAM_TIMEOUT', 'The upstream gave no complete answer in time.');
    case 'invalid-response':
      return error('UPSTREAM_INVALID_RESPONSE', 'The upstream sent an answer that cannot be used.');
    case 'aborted':
      return error('UPSTREAM_UNAVAILABLE', 'The request ended before the upstream answered.');
    default:
      return failure satisfies never;
  }
}

/** Maximum of `retryAfterSeconds`. If the upstream says a year, it has made a mistake. */
const maxRetryAfterSeconds = 3600;

const inSeconds = (ms: number) => Math.min(maxRetryAfterSeconds, Math.ceil(ms / 1000));

/** Creates an error without a stack. An expected failure is not a bug, and in an outage stacks cost more than the rest of the answers. */
export function withoutStack<T>(create: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return create();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
