import type { DocumentNode } from 'graphql';
import type { Caller } from '../../upstream/caller.ts';
import type { ErrorCode } from '../error-codes.ts';

/** A client's subscription. Its document is parsed and valid. */
export interface LiveRequest {
  readonly caller: Caller;
  readonly requestId: string;
  readonly query: string;
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The client's name if it is in `CLIENTS`, otherwise `other`; undefined if that setting is empty. */
  readonly client: string | undefined;
  /** Whether the document is trusted; undefined if there is no list of trusted documents. */
  readonly documentOrigin: 'trusted' | 'other' | undefined;
  /** How the events travel: `sse`, `multipart` or `websocket`. */
  readonly transport: string;
}

/** One event. Equal viewers get the same object, so that a transport may keep its bytes. */
export interface LiveEvent {
  /** The result of the execution, as JSON text. */
  readonly json: string;
  /** The codes of its errors. */
  readonly codes: readonly string[];
}

/** Why a stream is refused or interrupted, as a GraphQL error. The client may subscribe again later. */
export interface StreamError {
  readonly message: string;
  readonly extensions: { readonly code: ErrorCode; readonly retryable: true };
}

/** The transport of one stream. Every method is called synchronously. `complete`, `interrupt` and `refuse` are the last call. */
export interface Sink {
  next(event: LiveEvent): void;
  /** The subscription is over: the client must not subscribe again. */
  complete(): void;
  /** The stream ends, but the subscription is not over: the client should subscribe again. The error says so, if the protocol can carry it. */
  interrupt(error: StreamError, reason: 'age' | 'shutdown'): void;
  /** Nothing has been sent, and the client may subscribe again later. */
  refuse(error: StreamError): void;
}

/** Why a stream ended. A closed list: it becomes a label of metrics. */
export type StreamEnd =
  | 'finished'
  | 'client_left'
  | 'credential'
  | 'too_slow'
  | 'age'
  | 'shutdown'
  | 'refused';

/** Why a transport ends a stream. */
export type LeaveReason = Exclude<StreamEnd, 'finished' | 'refused'>;

/** One viewer's subscription. */
export interface Stream {
  /** Ends the stream, because the client has left or reads too slowly, or because its socket ends. Nothing more is sent. */
  leave(reason: LeaveReason): void;
}
