interface ErrorCodeRow {
  /** When it is given. */
  readonly when: string;
  /** What whoever gets it can do. */
  readonly action: string;
  /** Whether asking again may help: `extensions.retryable`. */
  readonly retryable: boolean;
}

/** Every value of `errors[].extensions.code`. Closed: clients branch on it. `docs/errors.md` is made from this table. */
export const errorCodes = {
  UNAUTHENTICATED: {
    when: 'There is no usable credential, or the upstream does not accept it.',
    action: 'Sign in again. Send `token: …` or `Authorization: Bearer …`; two that differ count as none.',
    retryable: false,
  },
  FORBIDDEN: {
    when: 'The upstream knows the caller and does not let them see this.',
    action: 'Ask for the right to see it; asking again does not help.',
    retryable: false,
  },
  NOT_FOUND: {
    when: 'The upstream has no such conference (a business status that the operator has named in `UPSTREAM_STATUS_CODES`).',
    action: 'Check the ID.',
    retryable: false,
  },
  BAD_USER_INPUT: {
    when:
      'An ID is empty, blank, longer than 128 characters, not well-formed Unicode, carries control characters or is no string; ' +
      'a representation is of an unknown type; a variable is of the wrong type. No call was made.',
    action: 'Correct the argument that the path or the location names.',
    retryable: false,
  },
  UPSTREAM_REJECTED: {
    when: 'The upstream refused with a business status; the message is its own.',
    action: 'Show the message. The status is in `extensions.upstream.status`.',
    retryable: false,
  },
  UPSTREAM_UNAVAILABLE: {
    when: 'The upstream cannot be reached, answers that it is ill or too busy, or the gateway spares it for now.',
    action: 'Ask again after a pause.',
    retryable: true,
  },
  UPSTREAM_TIMEOUT: {
    when: 'The upstream gave no complete answer in time.',
    action: 'Ask again after a pause.',
    retryable: true,
  },
  UPSTREAM_INVALID_RESPONSE: {
    when: 'What the upstream sent is no answer that its contract allows.',
    action: 'Report it with `extensions.upstream.requestId` and the `x-request-id` of the response.',
    retryable: false,
  },
  UPSTREAM_INVALID_FIELD: {
    when: 'One field of the record cannot be what the schema says; the path names it, and the rest is served.',
    action: 'Show the rest; report the field.',
    retryable: false,
  },
  TOO_MANY_UPSTREAM_CALLS: {
    when: 'The operation would need more calls upstream than `MAX_UPSTREAM_CALLS`. None was made.',
    action: 'Ask for fewer conferences at once.',
    retryable: false,
  },
  ANSWER_TOO_LARGE: {
    when:
      'The answer would be, or has become, longer than `MAX_ANSWER_BYTES`, has more fields than are allowed, or more than ' +
      '1,000 errors. Where the request alone tells, no call was made.',
    action: 'Ask for less at once: fewer conferences, fewer aliases of the same.',
    retryable: false,
  },
  OVERLOADED: {
    when:
      'The process has more requests under way than `MAX_REQUESTS`, or 64 MB of their bodies. HTTP 503 with `Retry-After`; nothing of the ' +
      'request was executed.',
    action: 'Ask again after `extensions.retryAfterSeconds`.',
    retryable: true,
  },
  TOO_MANY_WATCHED: {
    when:
      'One conference to poll, or one stream, more than `LIVE_MAX_WATCHED`, `LIVE_MAX_STREAMS` or the share of one caller allow. ' +
      'HTTP 503 with `Retry-After` where nothing was sent yet.',
    action: 'Subscribe again after a pause, or watch fewer conferences at once.',
    retryable: true,
  },
  STREAM_ENDED: {
    when: 'A stream ends though it is not over: the gateway restarts, or the stream has reached `LIVE_MAX_AGE_MS`.',
    action: 'Subscribe again.',
    retryable: true,
  },
  GRAPHQL_PARSE_FAILED: {
    when: 'The document is not GraphQL, or has more tokens or lines than `MAX_DOCUMENT_TOKENS`.',
    action: 'Correct the document.',
    retryable: false,
  },
  GRAPHQL_VALIDATION_FAILED: {
    when: 'The document does not fit the schema.',
    action: 'Correct the document; `npm run --silent schema` prints the schema.',
    retryable: false,
  },
  BAD_REQUEST: {
    when: 'The request is not GraphQL over HTTP: its method, media type, size, encoding or parameters.',
    action: 'Correct the client; the HTTP status says which (400, 404, 405, 406, 413, 415).',
    retryable: false,
  },
  DOCUMENT_NOT_TRUSTED: {
    when: 'Only the documents of `TRUSTED_DOCUMENTS` are executed, and this is none of them. It was not parsed.',
    action:
      'Ask by the `documentId` of a document that has been registered; release the list before the frontend.',
    retryable: false,
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    when: 'A hash came without a query, and the gateway has no list of documents. The message is the one that Apollo clients know.',
    action: 'Send the query itself; Apollo Client and Apollo Router do so by themselves.',
    retryable: false,
  },
  INTERNAL_SERVER_ERROR: {
    when: 'A defect of the gateway; it is logged under the `x-request-id` of the response.',
    action: 'Report it with that request ID.',
    retryable: false,
  },
} as const satisfies Record<string, ErrorCodeRow>;

export type ErrorCode = keyof typeof errorCodes;

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(errorCodes, value);
}
