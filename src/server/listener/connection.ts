import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { answerToBroken } from './broken.ts';
import type { Closable, Front } from './front.ts';

/** Requests of one connection that run at the same time. HTTP/1.1 sends their answers in the order of the requests. */
const maxRunning = 16;

/** Maximum of queued requests in the process. A connection that would exceed it is destroyed. */
const maxQueued = 4096;

/**
 * A client that reads nothing is closed after twice this time: at the first expiry, Node takes the earlier writes for progress and
 * waits once more.
 */
const unreadTimeoutMs = 6500;

/** What all connections of a server share. */
export interface Shared {
  readonly front: Front;
  /** Requests that are queued behind others on their connections. */
  queued: number;
  /** The last expected answer of each connection says `connection: close`. */
  draining: boolean;
  /** A connection is closed as soon as it has no request. */
  closing: boolean;
}

/** A request that was passed to the front. */
interface Running {
  readonly response: ServerResponse;
  answering: Closable | undefined;
}

/** Node resumes a socket by itself, for example at the end of each message. Pausing it again here is in time: nothing was read yet. */
function stayPaused(this: Socket): void {
  this.pause();
}

/** One function for all responses of a connection: `this` is the response. */
const closedOn = (connection: Connection) =>
  function (this: ServerResponse): void {
    connection.closed(this);
  };

/** A client's connection, and its requests whose answers are not complete. */
export class Connection {
  readonly #socket: Socket;
  readonly #shared: Shared;
  /** Oldest first. */
  #running: Running[] = [];
  /** Parsed, but not started: they came in the same chunk as the running ones, so pausing the socket was too late for them. */
  readonly #queue: ServerResponse[] = [];
  #startScheduled = false;
  #isPaused = false;
  #isBroken = false;
  /** The request that was answered before all of it had come, until the next request. */
  #answeredEarly: IncomingMessage | undefined;
  #hasReadTimeout = false;
  /** The only `close` listener of each response, except a stream. */
  readonly #onClosed = closedOn(this);
  /** The response that says `connection: close`. */
  #last: ServerResponse | undefined;

  constructor(socket: Socket, shared: Shared) {
    this.#socket = socket;
    this.#shared = shared;
    socket.once('close', () => {
      shared.queued -= this.#queue.length;
      this.#queue.length = 0;
    });
  }

  /** Running and queued requests. */
  get requests(): number {
    return this.#running.length + this.#queue.length;
  }

  /** Starts a request, or queues it until fewer are running. */
  take(response: ServerResponse): void {
    response.on('close', this.#onClosed);
    this.#answeredEarly = undefined;
    if (this.#shared.draining) this.#closeAfter(response);
    if (this.#running.length < maxRunning && this.#queue.length === 0) return this.#start(response);
    if (this.#shared.queued >= maxQueued) return void this.#socket.destroy();
    this.#shared.queued += 1;
    this.#queue.push(response);
    this.#pause();
  }

  /** A response has closed: it was sent, or its client has left. */
  closed(response: ServerResponse): void {
    this.#end(response)?.answering?.closed();
    if (this.#socket.destroyed) return;
    if (!response.req.complete) this.#answeredEarly = response.req;
    if (this.#hasReadTimeout) {
      this.#hasReadTimeout = false;
      // After the last response, Node has already set the keep-alive time-out.
      if (this.requests > 0) this.#socket.setTimeout(0);
    }
    if (this.#queue.length > 0) this.#scheduleStart();
    else if ((this.#isBroken && !this.#lastExpected()) || (this.#shared.closing && this.requests === 0))
      this.#socket.destroySoon();
  }

  /** Call this when Node could not parse a request, or it came too slowly. The connection reads nothing more and closes after its answers. */
  fail(error: NodeJS.ErrnoException): void {
    if (this.#isBroken) return;
    this.#isBroken = true;
    const socket = this.#socket;
    if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
    this.#pause();
    const expected = this.#lastExpected();
    if (expected) this.#closeAfter(expected);
    // The client would take an answer here for a second answer to the previous request.
    else if (this.#answeredEarly?.complete === false) socket.end(() => socket.destroy());
    else socket.end(answerToBroken(error), () => socket.destroy());
  }

  /** Call this periodically. Once an answer is written, the client has to read it; before that, the socket may be silent. */
  checkReader(): void {
    if (this.#hasReadTimeout || !this.#running[0]?.response.writableEnded) return;
    this.#hasReadTimeout = true;
    this.#socket.setTimeout(unreadTimeoutMs);
  }

  /** Call this when draining starts: the answer to the last request so far says `connection: close`. */
  drain(): void {
    const last = this.#queue.at(-1) ?? this.#running.at(-1)?.response;
    if (last) this.#closeAfter(last);
  }

  /** Destroys the connection if its client expects no answer. */
  destroyIfIdle(): void {
    if (!this.#lastExpected()) this.#socket.destroy();
  }

  #start(response: ServerResponse): void {
    const running: Running = { response, answering: undefined };
    // Nearly always the only one. The first push to an empty array reserves 17 slots; a literal has one.
    if (this.#running.length === 0) this.#running = [running];
    else this.#running.push(running);
    running.answering = this.#shared.front(response.req, response);
  }

  #end(response: ServerResponse): Running | undefined {
    // Nearly always: without the array that `splice` makes.
    if (this.#running[0]?.response === response) return this.#running.shift();
    const at = this.#running.findIndex((running) => running.response === response);
    return at < 0 ? undefined : this.#running.splice(at, 1)[0];
  }

  // Not synchronously when a response closes: a thousand short answers in a row would block the event loop for all other clients.
  #scheduleStart(): void {
    if (this.#startScheduled) return;
    this.#startScheduled = true;
    setImmediate(() => {
      this.#startScheduled = false;
      while (this.#running.length < maxRunning) {
        const next = this.#queue.shift();
        if (!next) break;
        this.#shared.queued -= 1;
        this.#start(next);
      }
      if (this.#queue.length === 0 && !this.#isBroken) this.#resume();
    });
  }

  #pause(): void {
    // Only while it is paused: each socket that has this listener keeps finished requests in memory (docs/decisions/0012).
    if (!this.#isPaused) this.#socket.on('resume', stayPaused);
    this.#isPaused = true;
    this.#socket.pause();
  }

  #resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#socket.off('resume', stayPaused);
    this.#socket.resume();
  }

  /** The last response that the client expects: all of its request has come, or its headers were sent. */
  #lastExpected(): ServerResponse | undefined {
    const isExpected = ({ req, headersSent }: ServerResponse) => req.complete || headersSent;
    return (
      this.#queue.findLast(isExpected) ??
      this.#running.findLast(({ response }) => isExpected(response))?.response
    );
  }

  #closeAfter(response: ServerResponse): void {
    // Node would drop the responses behind one that says `connection: close`.
    if (this.#last && this.#last !== response) this.#last.shouldKeepAlive = true;
    this.#last = response;
    response.shouldKeepAlive = false;
  }
}
