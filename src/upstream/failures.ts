/** Facts about an answer, all safe to show to the caller. */
export interface Answered {
  /** The business status of the envelope. */
  readonly status?: number;
  readonly httpStatus?: number;
  /** The upstream's own request ID: at most 128 characters of `[A-Za-z0-9._-]`, otherwise left out. */
  readonly requestId?: string;
}

/** Why there was no usable answer at all. A closed list: it becomes a label of metrics. */
export type UnavailableReason =
  | 'connection'
  | 'http-status'
  | 'business-status'
  | 'circuit-open'
  | 'queue-full'
  | 'queue-cut'
  | 'no-chance'
  | 'no-room'
  | 'hung'
  | 'closing';

/** What was wrong with an answer. A closed list: it becomes a label of metrics. */
export type InvalidReason =
  | 'framing'
  | 'too-large'
  | 'redirect'
  | 'http-status'
  | 'encoding'
  | 'charset'
  | 'not-json'
  | 'not-envelope'
  | 'other-record';

/** What went wrong upstream, as a value: calls never throw. */
export type UpstreamFailure =
  | { readonly kind: 'unauthenticated'; readonly answered?: Answered }
  | { readonly kind: 'forbidden'; readonly answered: Answered }
  | { readonly kind: 'not-found'; readonly answered: Answered }
  /** `message` is the upstream's `msg`, without control characters, at most 300 characters; empty if it sent none. */
  | { readonly kind: 'rejected'; readonly message: string; readonly answered: Answered }
  | {
      readonly kind: 'unavailable';
      readonly reason: UnavailableReason;
      readonly answered?: Answered;
      /** When a retry may help, in milliseconds from now: the upstream's `Retry-After`, or the next trial of the circuit breaker. */
      readonly retryAfterMs?: number | undefined;
    }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'invalid-response'; readonly reason: InvalidReason; readonly answered?: Answered }
  /** The client closed the connection before there was an answer. */
  | { readonly kind: 'aborted' };

/** The kinds that `UPSTREAM_STATUS_CODES` can map a business status to. */
export type MappedKind = 'unauthenticated' | 'forbidden' | 'not-found' | 'unavailable';
