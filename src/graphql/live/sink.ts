import type { DocumentNode } from 'graphql';
import type { Caller } from '../../upstream/caller.ts';
import type { ErrorCode } from '../error-codes.ts';

/** A subscription as a client asks for it. Its document is parsed and valid. */
export interface LiveRequest {
  readonly caller: Caller;
  readonly requestId: string;
  readonly query: string;
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  /** One of the operator's list, or `other`; undefined where there is no list. */
  readonly client: string | undefined;
  /** Whether its document is on the list of trusted ones; undefined where there is no list. */
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

/** Why a stream is refused or ends, in the form of GraphQL's errors. Asking again later helps. */
export interface StreamError {
  readonly message: string;
  readonly extensions: { readonly code: ErrorCode; readonly retryable: true };
}

/** Where the events of one stream go. Each method is called synchronously; after one of the last three, none is called again. */
export interface Sink {
  next(event: LiveEvent): void;
  /** It is over: the client must not ask again. */
  complete(): void;
  /** It ends though it is not over: the client should come back. The error says so, where the protocol has a place for it. */
  interrupt(error: StreamError, reason: 'age' | 'shutdown'): void;
  /** Nothing was begun, and asking again later may help. */
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
  /** The client has left, does not read, or its socket ends for all of its streams. Nothing more is sent. */
  leave(reason: LeaveReason): void;
}
