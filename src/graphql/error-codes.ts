interface ErrorCodeRow {
  /** When a client gets it. */
  readonly when: string;
  /** What the client can do. */
  readonly action: string;
  /** Whether a retry may help: `extensions.retryable`. */
  readonly retryable: boolean;
}

/** Every value of `errors[].extensions.code`. The set is closed: clients branch on it. docs/errors.md is generated from this table. */
export const errorCodes = {
  UNAUTHENTICATED: {
    when: 'There is no usable credential, or the upstream does not accept it.',
    action:
      'Sign in again. Send `token: …` or `Authorization: Bearer …`; if both are sent and differ, neither is used.',
    retryable: false,
  },
  FORBIDDEN: {
    when: 'The upstream accepts the credential, but does not allow this caller to see this.',
    action: 'Ask for permission to see it; a retry does not help.',
    retryable: false,
  },
  NOT_FOUND: {
    when: 'The upstream has no such conference. Only if the operator has mapped its business status in `UPSTREAM_STATUS_CODES`.',
    action: 'Check the ID.',
    retryable: false,
  },
  BAD_USER_INPUT: {
    when:
      'An ID is empty, blank, longer than 128 characters, not well-formed Unicode, contains control characters or is not a string; ' +
      'a representation is of an unknown type; a variable is of the wrong type. No call was made.',
    action: 'Correct the argument that the path or the location names.',
    retryable: false,
  },
  UPSTREAM_REJECTED: {
    when: "The upstream refused with a business status; the message is the upstream's.",
    action: 'Show the message. The status is in `extensions.upstream.status`.',
    retryable: false,
  },
  UPSTREAM_UNAVAILABLE: {
    when: 'The upstream cannot be reached, answers 429 or 5xx, or the gateway does not call it now: the queue is full or the circuit breaker is open.',
    action: 'Ask again after a pause.',
    retryable: true,
  },
  UPSTREAM_TIMEOUT: {
    when: 'The upstream gave no complete answer in time.',
    action: 'Ask again after a pause.',
    retryable: true,
  },
  UPSTREAM_INVALID_RESPONSE: {
    when: "The upstream's answer does not follow its contract.",
    action: 'Report it with `extensions.upstream.requestId` and the `x-request-id` of the response.',
    retryable: false,
  },
  UPSTREAM_INVALID_FIELD: {
    when: 'One field of the record has a value that the schema cannot serve. The path names the field; the other fields are served.',
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
      'The answer is longer than `MAX_ANSWER_BYTES`, has more fields than are allowed, or has more than ' +
      '1,000 errors. If that is clear from the request, no call was made.',
    action: 'Ask for less at once: fewer conferences, fewer aliases of the same field.',
    retryable: false,
  },
  OVERLOADED: {
    when:
      'The process handles more concurrent requests than `MAX_REQUESTS`, or 64 MB of request bodies. HTTP 503 with `Retry-After`; nothing of the ' +
      'request was executed.',
    action: 'Ask again after `extensions.retryAfterSeconds`.',
    retryable: true,
  },
  TOO_MANY_WATCHED: {
    when:
      'The subscription would exceed `LIVE_MAX_WATCHED`, `LIVE_MAX_STREAMS` or the share of one caller. ' +
      'HTTP 503 with `Retry-After` if nothing was sent yet.',
    action: 'Subscribe again after a pause, or watch fewer conferences at once.',
    retryable: true,
  },
  STREAM_ENDED: {
    when: 'The gateway ends a stream that the client still wants: it restarts, or the stream has reached `LIVE_MAX_AGE_MS`.',
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
    when: 'Only documents in `TRUSTED_DOCUMENTS` are executed, and this one is not in the list. It was not parsed.',
    action: 'Send the `documentId` of a registered document. Release the list before the frontend.',
    retryable: false,
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    when: 'The request has a hash but no query, and the gateway has no list of documents. The message is the one that Apollo clients know.',
    action: 'Send the query itself; Apollo Client and Apollo Router do so automatically.',
    retryable: false,
  },
  INTERNAL_SERVER_ERROR: {
    when: 'A bug in the gateway; it is logged with the `x-request-id` of the response.',
    action: 'Report it with that request ID.',
    retryable: false,
  },
} as const satisfies Record<string, ErrorCodeRow>;

export type ErrorCode = keyof typeof errorCodes;

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(errorCodes, value);
}
