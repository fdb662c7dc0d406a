import { GraphQLError } from 'graphql';
import type { Answered, UpstreamFailure } from '../upstream/failures.ts';
import { type ErrorCode, errorCodes } from './error-codes.ts';

interface Details {
  readonly upstream?: Answered | undefined;
  /** The status of an answer that is given before an operation is executed. */
  readonly httpStatus?: number;
  /** In milliseconds from now on. */
  readonly retryAfterMs?: number | undefined;
  /** The error in whose place this one stands: its path, and the first of its locations. */
  readonly at?: GraphQLError | undefined;
}

/** Locations that an error has at most: graphql names the place of each of a hundred variables of one name. */
export const maxLocations = 2;

/** The one place where an error of the closed set is made. `message` must hold nothing but what the caller may read. */
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
          // `http` steers Yoga and is taken out of the answer by it; `spec` lets application/json keep its 200.
          ...(details.httpStatus && { http: { status: details.httpStatus, spec: true } }),
        },
      }),
  );
}

export const tooManyCalls = (maxCalls: number): GraphQLError =>
  clientError('TOO_MANY_UPSTREAM_CALLS', `The operation needs more than ${maxCalls} calls to the upstream.`);

/** What a caller is told of a failure upstream. */
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
      return error('FORBIDDEN', 'The upstream does not let this caller see it.');
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

/** What an upstream can have our clients wait for at most, in seconds: one that says a year has made a mistake. */
const longestWait = 3600;

const inSeconds = (ms: number) => Math.min(longestWait, Math.ceil(ms / 1000));

/** Creates an error without its stack: an expected failure is no defect, and in an outage stacks cost more than all else of the answer. */
export function withoutStack<T>(create: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return create();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
