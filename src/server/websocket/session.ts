import type { WebSocket } from 'ws';
import type { LeaveReason, Stream } from '../../graphql/live/sink.ts';
import type { Caller } from '../../upstream/caller.ts';

/** Why a socket was closed. A closed list: it becomes a label of metrics. */
export type SocketEnd = LeaveReason | 'misuse';

/** What the upgrade's headers and the `connection_init` say about a peer. */
export interface Peer {
  readonly caller: Caller;
  /** Whether the credential came in the `connection_init`: then the client can send a fresh one in the next. */
  readonly canRenew: boolean;
  /** One of `CLIENTS`, or `other`; undefined if `CLIENTS` is empty. */
  readonly client: string | undefined;
}

/** One WebSocket, from the upgrade to its end: its operations, and why it closes. */
export class Session {
  /** The request ID of the upgrade. Operations add their number to it. */
  readonly requestId: string;
  /** In the clock's monotonic milliseconds. */
  readonly openedAt: number;
  /** Undefined until the `connection_init` has come. */
  peer: Peer | undefined;
  /** Bytes of the current message. */
  messageBytes = 0;
  /** How many operations there have been. */
  operations = 0;
  /** Why the socket closes; undefined until it does. From then on no operation starts. */
  end: SocketEnd | undefined;
  readonly #socket: WebSocket;
  readonly #onTrusted: () => void;
  readonly #streams = new Set<Stream>();
  readonly #queries = new Set<object>();
  #hasWorked = false;

  constructor(
    socket: WebSocket,
    { requestId, openedAt }: Pick<Session, 'requestId' | 'openedAt'>,
    onTrusted: () => void,
  ) {
    this.#socket = socket;
    this.requestId = requestId;
    this.openedAt = openedAt;
    this.#onTrusted = onTrusted;
  }

  /** Operations in progress. */
  get underWay(): number {
    return this.#streams.size + this.#queries.size;
  }

  addStream(stream: Stream): void {
    this.#streams.add(stream);
  }

  removeStream(stream: Stream): void {
    this.#streams.delete(stream);
  }

  addQuery(query: object): void {
    this.#queries.add(query);
  }

  removeQuery(query: object): void {
    if (this.#queries.delete(query)) this.#closeIfDone();
  }

  /**
   * Notes a result, and returns whether to send it. It is not sent if the upstream now refuses a credential that worked on this socket:
   * then the socket closes with its operation open, so that the client connects with a fresh credential and asks again.
   *
   * @param codes of the result's errors.
   */
  takeResult(codes: readonly string[], hasCalled: boolean): boolean {
    if (codes.includes('UNAUTHENTICATED')) {
      if (!this.#hasWorked || !this.peer?.canRenew) return true;
      this.close(4403, 'Forbidden', 'credential');
      return false;
    }
    this.#onTrusted();
    if (hasCalled && codes.length === 0) this.#hasWorked = true;
    return true;
  }

  /** Closes once the queries in progress are answered. The client should reconnect. */
  goAway(reason: 'age' | 'shutdown'): void {
    this.#endStreams(reason);
    this.#closeIfDone();
  }

  /** Closes at once, with a code and a text for the client. */
  close(code: number, text: string, reason: SocketEnd): void {
    this.#endStreams(reason);
    this.#socket.close(code, text);
  }

  /** Destroys the connection without a close frame, which the peer would not read. */
  cut(reason: SocketEnd): void {
    this.#endStreams(reason);
    this.#socket.terminate();
  }

  #endStreams(reason: SocketEnd): void {
    this.end ??= reason;
    for (const stream of this.#streams) stream.leave(reason === 'misuse' ? 'client_left' : reason);
    this.#streams.clear();
  }

  #closeIfDone(): void {
    const { end } = this;
    if ((end === 'age' || end === 'shutdown') && this.#queries.size === 0)
      this.#socket.close(1001, 'Going away');
  }
}
