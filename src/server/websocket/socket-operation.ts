import type { GraphQLFormattedError } from 'graphql';
import type { TraceContext } from '../../base/traceparent.ts';
import { formatTraceparent } from '../../base/traceparent.ts';
import type { GatewayContext } from '../../graphql/context.ts';
import type { Stream } from '../../graphql/live/sink.ts';
import type { FrontOptions } from '../front-options.ts';
import type { Place } from '../places.ts';
import { requestEvent } from '../request-event.ts';
import type { RequestFacts } from '../request-facts.ts';
import { createEnding, type Ending } from './ending.ts';
import type { Outbox } from './outbox.ts';
import type { Peer, Session } from './session.ts';

/** What operations need from the other rooms. */
export type OperationOptions = Pick<
  FrontOptions,
  | 'beginTrace'
  | 'chooseDocument'
  | 'clock'
  | 'createContext'
  | 'describeDefect'
  | 'emit'
  | 'handle'
  | 'live'
  | 'places'
  | 'shortPath'
  | 'subscriptionOf'
>;

/** The socket of an operation. */
export interface OperationSocket {
  readonly session: Session;
  readonly peer: Peer;
  readonly outbox: Outbox;
  /** The trace context of the upgrade. */
  readonly incoming: TraceContext | undefined;
}

/** With the operation's number added, a request ID has at most the 128 characters that a client may send. */
const maxSharedId = 118;

/** The operation of one `subscribe` message, until it ends: a query, or a stream. */
export class SocketOperation {
  readonly socket: OperationSocket;
  readonly facts: RequestFacts;
  readonly context: GatewayContext;
  readonly ending: Ending;
  /** Undefined before it is taken, and where none is free. */
  place: Place | undefined;
  readonly #options: OperationOptions;
  readonly #gone = new AbortController();
  readonly #startedAt: number;
  readonly #opening: string;
  #stream: Stream | undefined;
  #isOver = false;

  constructor(id: string, socket: OperationSocket, options: OperationOptions) {
    const { session, peer, incoming } = socket;
    this.socket = socket;
    this.#options = options;
    this.#startedAt = options.clock.now();
    this.#opening = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
    session.operations += 1;
    const begun = options.beginTrace?.(incoming, 'GET');
    this.facts = {
      requestId: `${session.requestId.slice(0, maxSharedId)}-${session.operations}`,
      client: peer.client,
      ...(begun ?? { traceparent: incoming && formatTraceparent(incoming), trace: undefined }),
      signal: this.#gone.signal,
    };
    this.context = options.createContext(peer.caller, this.facts);
    this.ending = createEnding(() => this.#leave());
    session.addQuery(this);
  }

  /** Whether it has ended or its client has left. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Ends it with its only result. */
  answer(json: string): void {
    const { session, outbox } = this.socket;
    const { report } = this.context.operation;
    if (session.takeResult(report.codes, report.calls > 0)) {
      outbox.send(this.#next(json));
      this.ending.complete();
    }
    this.#finish(200);
  }

  /**
   * Ends it with errors instead of a result.
   *
   * @param status the HTTP status of such a refusal, for the log.
   */
  refuse(status: number, errors: readonly GraphQLFormattedError[]): void {
    this.ending.refuse(errors);
    this.#finish(status);
  }

  /** It becomes a stream, which has its own lines in the log. */
  follow(stream: Stream): void {
    const { session } = this.socket;
    if (this.#isOver) return;
    this.#stream = stream;
    session.addStream(stream);
    session.removeQuery(this);
  }

  /** Sends an event of the stream. A newer event replaces it if the client reads too slowly. */
  event(json: string, codes: readonly string[]): void {
    const { session, outbox } = this.socket;
    this.facts.trace?.end(200);
    if (session.takeResult(codes, true)) outbox.offer(this, this.#next(json));
  }

  /** Ends it: the stream is over. */
  complete(): void {
    this.socket.outbox.flush(this);
    this.ending.complete();
    this.#release();
  }

  /** Ends it, though the stream is not over: the socket closes, and the client should subscribe again on a new one. */
  interrupt(reason: 'age' | 'shutdown'): void {
    const { session } = this.socket;
    this.#release();
    session.goAway(reason);
  }

  // Viewers with the same subscription share the text of the result.
  #next(json: string): string {
    return `${this.#opening}${json}}`;
  }

  #leave(): void {
    if (this.#isOver) return;
    this.#gone.abort();
    const stream = this.#stream;
    if (stream) {
      this.#release();
      stream.leave('client_left');
    } else this.#finish(0);
  }

  #finish(status: number): void {
    if (this.#isOver) return;
    const { report } = this.context.operation;
    this.#options.emit(requestEvent(report, this.facts, status, this.#options.clock.now() - this.#startedAt));
    this.facts.trace?.end(status);
    this.#release();
  }

  #release(): void {
    const { session, outbox } = this.socket;
    this.#isOver = true;
    // For a stream that had no event yet. A span that has ended stays as it is.
    this.facts.trace?.end(0);
    if (this.#stream) session.removeStream(this.#stream);
    outbox.drop(this);
    this.place?.giveBack();
    session.removeQuery(this);
  }
}
