import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { answerToBroken } from './broken.ts';

/** Requests of one connection that are made at once; HTTP/1.1 has their answers in the order of the requests. */
const maxUnderWay = 16;

/** Requests of the process that may wait for others on their connections. A connection that goes beyond is cut. */
const maxWaiting = 4096;

/** Half of what it comes to: Node takes what was written before the first expiry for progress, and waits once more. */
const unreadTimeoutMs = 6500;

/** What all connections of a server have in common. */
export interface Shared {
  readonly front: RequestListener;
  /** Requests that wait for others on their connections. */
  waiting: number;
  /** The answer behind which no other is awaited says `connection: close`. */
  draining: boolean;
  /** A connection is closed as soon as nothing is under way on it. */
  closing: boolean;
}

/** One connection of a client, and the requests on it that are not yet answered in whole. */
export class Connection {
  readonly #socket: Socket;
  readonly #shared: Shared;
  /** Oldest first. */
  readonly #underWay: ServerResponse[] = [];
  /** Parsed, but not begun: they came in one chunk with those under way, before pausing the socket could hold them back. */
  readonly #waiting: ServerResponse[] = [];
  #startScheduled = false;
  #held = false;
  #broken = false;
  /** The request that was answered before it was whole, if the rest of it has not come since. */
  #answeredEarly: IncomingMessage | undefined;
  #readerTimed = false;
  /** The response that tells the client that its connection closes. */
  #last: ServerResponse | undefined;

  constructor(socket: Socket, shared: Shared) {
    this.#socket = socket;
    this.#shared = shared;
    // Node resumes the socket on its own, for example at the end of each message. Here it is in time: nothing was read in between.
    socket.on('resume', () => {
      if (this.#held) socket.pause();
    });
    socket.once('close', () => {
      shared.waiting -= this.#waiting.length;
      this.#waiting.length = 0;
    });
  }

  /** Requests under way, those that wait included. */
  get requests(): number {
    return this.#underWay.length + this.#waiting.length;
  }

  /** Begins with a request, or keeps it until fewer are under way. */
  take(response: ServerResponse): void {
    this.#answeredEarly = undefined;
    if (this.#shared.draining) this.#letGoAfter(response);
    if (this.#underWay.length < maxUnderWay && this.#waiting.length === 0) return this.#begin(response);
    if (this.#shared.waiting >= maxWaiting) return void this.#socket.destroy();
    this.#shared.waiting += 1;
    this.#waiting.push(response);
    this.#hold();
  }

  /** To be called when a response has closed: it has left, or its client has. */
  closed(response: ServerResponse): void {
    const at = this.#underWay.indexOf(response);
    if (at >= 0) this.#underWay.splice(at, 1);
    if (this.#socket.destroyed) return;
    if (!response.req.complete) this.#answeredEarly = response.req;
    if (this.#readerTimed) {
      this.#readerTimed = false;
      // With none left Node has set the time to the next request already.
      if (this.requests > 0) this.#socket.setTimeout(0);
    }
    if (this.#waiting.length > 0) this.#scheduleStart();
    else if ((this.#broken && !this.#awaited()) || (this.#shared.closing && this.requests === 0))
      this.#socket.destroySoon();
  }

  /** To be called when what came is no HTTP, or came too slowly. Of a connection that is broken nothing more is read. */
  breakOff(error: NodeJS.ErrnoException): void {
    if (this.#broken) return;
    this.#broken = true;
    const socket = this.#socket;
    if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
    this.#hold();
    const awaited = this.#awaited();
    if (awaited) this.#letGoAfter(awaited);
    // An answer here would be taken for a second one to the request before.
    else if (this.#answeredEarly?.complete === false) socket.end(() => socket.destroy());
    else socket.end(answerToBroken(error), () => socket.destroy());
  }

  /** To be called now and then: an answer that is written has to be read. (While it is made, its socket may be still.) */
  timeReader(): void {
    if (this.#readerTimed || !this.#underWay[0]?.writableEnded) return;
    this.#readerTimed = true;
    this.#socket.setTimeout(unreadTimeoutMs);
  }

  /** To be called when the draining begins, for the requests that came before. */
  letGo(): void {
    const last = this.#waiting.at(-1) ?? this.#underWay.at(-1);
    if (last) this.#letGoAfter(last);
  }

  /** Ends the connection if no whole request is under way on it. */
  endUnlessAwaited(): void {
    if (!this.#awaited()) this.#socket.destroy();
  }

  #begin(response: ServerResponse): void {
    this.#underWay.push(response);
    this.#shared.front(response.req, response);
  }

  // Not in the step that ends another: a thousand short answers in a row would keep everybody else waiting.
  #scheduleStart(): void {
    if (this.#startScheduled) return;
    this.#startScheduled = true;
    setImmediate(() => {
      this.#startScheduled = false;
      while (this.#underWay.length < maxUnderWay) {
        const next = this.#waiting.shift();
        if (!next) break;
        this.#shared.waiting -= 1;
        this.#begin(next);
      }
      if (this.#waiting.length === 0 && !this.#broken) this.#release();
    });
  }

  #hold(): void {
    this.#held = true;
    this.#socket.pause();
  }

  #release(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#socket.resume();
  }

  /** The last response that the client counts on: its request has come in whole, or its head has left. */
  #awaited(): ServerResponse | undefined {
    const counts = ({ req, headersSent }: ServerResponse) => req.complete || headersSent;
    return this.#waiting.findLast(counts) ?? this.#underWay.findLast(counts);
  }

  #letGoAfter(response: ServerResponse): void {
    // Node drops what comes behind an answer that closes.
    if (this.#last && this.#last !== response) this.#last.shouldKeepAlive = true;
    this.#last = response;
    response.shouldKeepAlive = false;
  }
}
