import type { WebSocket } from 'ws';
import type { LeaveReason, Stream } from '../../graphql/live/sink.ts';
import type { Caller } from '../../upstream/caller.ts';

/** Why a socket was closed. A closed list: it becomes a label of metrics. */
export type SocketEnd = LeaveReason | 'misuse';

/** What a peer has said of itself by the head of its upgrade and its `connection_init`. */
export interface Peer {
  readonly caller: Caller;
  /** Whether the credential came by the `connection_init`: with the next one the client can send a fresh one. */
  readonly canRenew: boolean;
  readonly client: string | undefined;
}

/** One WebSocket as its operations see it, from the upgrade to the end. */
export class Session {
  /** Of the upgrade; those of the operations are made of it. */
  readonly requestId: string;
  /** By the clock that only goes forward. */
  readonly openedAt: number;
  /** Undefined until the `connection_init`. */
  peer: Peer | undefined;
  /** Bytes of the message that is read. */
  messageBytes = 0;
  /** Operations so far. */
  operations = 0;
  /** Why it closes, as soon as that is known. Nothing more is begun then. */
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

  /** Operations under way. */
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
    if (this.#queries.delete(query)) this.#goIfDone();
  }

  /**
   * Takes note of a result. Returns whether it may be sent: not where a credential has worked on this socket and now does not. The
   * socket then closes so that the client sends a fresh one; its operation is left open, and the client asks for it again.
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

  /** Closes as soon as the queries under way are answered. The client should come back. */
  goAway(reason: 'age' | 'shutdown'): void {
    this.#leaveStreams(reason);
    this.#goIfDone();
  }

  /** Closes at once, with a word to the client. */
  close(code: number, text: string, reason: SocketEnd): void {
    this.#leaveStreams(reason);
    this.#socket.close(code, text);
  }

  /** Ends the connection without a word: the peer would not read it. */
  cut(reason: SocketEnd): void {
    this.#leaveStreams(reason);
    this.#socket.terminate();
  }

  #leaveStreams(reason: SocketEnd): void {
    this.end ??= reason;
    for (const stream of this.#streams) stream.leave(reason === 'misuse' ? 'client_left' : reason);
    this.#streams.clear();
  }

  #goIfDone(): void {
    const { end } = this;
    if ((end === 'age' || end === 'shutdown') && this.#queries.size === 0)
      this.#socket.close(1001, 'Going away');
  }
}
