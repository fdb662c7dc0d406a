import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DocumentNode } from 'graphql';
import { answerByYoga, type WholeAnswer } from './answer-by-yoga.ts';
import { Aborter, type Signal } from '../base/signal.ts';
import { Stage } from '../base/stage.ts';
import { formatTraceparent, parseTraceparent } from '../base/traceparent.ts';
import type { FrontOptions } from './front-options.ts';
import type { GatewayContext } from '../graphql/context.ts';
import { headersOf, setHeaders } from './headers.ts';
import type { Closable } from './listener/front.ts';
import type { Place } from './places.ts';
import { type Refusal, refuse } from './refusal.ts';
import { clientNameOf } from './request/client-name.ts';
import { readToken } from './request/credentials.ts';
import { type AskedReader, readAsked, type Ready } from './request/read-asked.ts';
import { requestIdOf } from './request/request-id.ts';
import { requestEvent } from './request-event.ts';
import type { RequestFacts } from './request-facts.ts';
import { serverTiming } from './server-timing.ts';
import { shortPathType } from './short-path.ts';
import { answerLive } from './streams/answer-live.ts';
import type { Caller } from '../upstream/caller.ts';
import type { RequestTrace } from '../observe/tracing/request-trace.ts';

/** What all requests do one after another: each stage is done for all requests that are ready. */
export interface RequestStages {
  readonly execute: Stage<GraphqlRequest>;
  readonly write: Stage<GraphqlRequest>;
}

export const createStages = (): RequestStages => ({
  execute: new Stage((request) => request.execute()),
  write: new Stage(
    (request) => request.write(),
    (task) => process.nextTick(task),
  ),
});

/**
 * One object per request to `/graphql`: its facts, its answer, and the signal that is aborted when the client leaves. It replaces
 * closures that would live as long.
 */
export class GraphqlRequest extends Aborter implements RequestFacts, AskedReader, Closable {
  readonly client: string | undefined;
  readonly traceparent: string | undefined;
  readonly trace: RequestTrace | undefined;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #place: Place;
  readonly #stages: RequestStages;
  readonly #options: FrontOptions;
  readonly #startedAt: number;
  readonly #caller: Caller;
  readonly #context: GatewayContext;
  #requestId: string | undefined;
  #read: Ready | Refusal | undefined;
  #answer: WholeAnswer | undefined;
  // A stream has lines of its own in the log: its end is not that of a request.
  #isStream = false;

  /**
   * @param place is given back when the response has closed, or when a stream begins.
   * @param stages of all requests.
   */
  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    place: Place,
    stages: RequestStages,
    options: FrontOptions,
  ) {
    super();
    this.#request = request;
    this.#response = response;
    this.#place = place;
    this.#stages = stages;
    this.#options = options;
    this.#startedAt = options.clock.now();
    this.client = clientNameOf(request.headers, options.clients);
    const incoming = parseTraceparent(request.headers['traceparent']);
    const begun = options.beginTrace?.(incoming, request.method ?? '');
    this.traceparent = begun ? begun.traceparent : incoming && formatTraceparent(incoming);
    this.trace = begun?.trace;
    this.#caller = options.callerOf(readToken(request.rawHeaders));
    this.#context = options.createContext(this.#caller, this);
  }

  /** Created when it is first read: a request that shares a call needs it only for its answer and its log line. */
  get requestId(): string {
    return (this.#requestId ??= requestIdOf(this.#request.headers['x-request-id']));
  }

  get signal(): Signal {
    return this;
  }

  /** Reads what is asked, answers it, and tells of it once its answer has left, or its client has. */
  answer(search: string): void {
    readAsked(this.#request, search, this.#place, this.#options, this);
  }

  /** What was read. */
  take(read: Ready | Refusal): void {
    this.#read = read;
    // A refusal has nothing to gain from the stage.
    if ('status' in read) this.execute();
    else this.#stages.execute.add(this);
  }

  /** Once it has been read. */
  execute(): void {
    const read = this.#read;
    // A stream can live for hours.
    this.#read = undefined;
    if (this.aborted || !read) return;
    try {
      if ('status' in read) return this.#refuse(read);
      this.#context.operation.report.documentOrigin = read.origin;
      const { shortPath } = this.#options;
      const type = shortPath && shortPathType(read, this.#request.headers);
      const answer = type && shortPath(read.asked, this.#context);
      if (answer === undefined) return this.#executeByYoga(read);
      if (typeof answer === 'string') return this.#writePlanned(answer, `${type}`);
      // It never rejects: what a plan cannot do, it hands over.
      void answer.then((text) => {
        if (text === undefined) this.#executeByYoga(read);
        else this.#writePlanned(text, `${type}`);
      });
    } catch (error) {
      this.#fail(error);
    }
  }

  #writePlanned(body: string, type: string): void {
    this.#writeSoon({ status: 200, headers: ['content-type', `${type}; charset=utf-8`], body });
  }

  #executeByYoga(read: Ready): void {
    try {
      if (this.aborted) return;
      const document = this.#options.subscriptionOf(read.asked);
      if (document) return this.#subscribe(read, document);
      answerByYoga(read, this.#request.headers, this.#context, this.#options.handle).then(
        (answer) => this.#writeSoon(answer),
        (error: unknown) => this.#fail(error),
      );
    } catch (error) {
      this.#fail(error);
    }
  }

  #writeSoon(answer: WholeAnswer): void {
    this.#answer = answer;
    this.#stages.write.add(this);
  }

  /** Once its answer is ready. */
  write(): void {
    const answer = this.#answer;
    // The client may read it slowly.
    this.#answer = undefined;
    if (this.aborted || !answer) return;
    try {
      this.#write(answer);
    } catch (error) {
      this.#fail(error);
    }
  }

  #write({ status, headers, body }: WholeAnswer): void {
    const { corsOrigins, serverTiming: isTimed, clock } = this.#options;
    const all = headersOf(this.#request, this.requestId, corsOrigins);
    all.push(...headers, 'content-length', String(Buffer.byteLength(body)));
    if (isTimed) {
      const { report } = this.#context.operation;
      all.push('server-timing', serverTiming(report, clock.now() - this.#startedAt));
    }
    this.#response.writeHead(status, all);
    this.#response.end(body);
  }

  #subscribe({ asked, accepted, origin }: Ready, document: DocumentNode): void {
    const { live, clock, corsOrigins } = this.#options;
    const { report } = this.#context.operation;
    if (!accepted.subscription) {
      return this.#refuse({
        status: 406,
        message: 'A subscription is answered as text/event-stream or multipart/mixed; accept one of them.',
      });
    }
    // From here on it is limited as a stream: viewers that wait for a slow upstream must not take the places of queries.
    this.#place.giveBack();
    setHeaders(this.#request, this.#response, this.requestId, corsOrigins);
    const { query, operationName, variables = {} } = asked;
    const { requestId, client } = this;
    const subscription = {
      caller: this.#caller,
      requestId,
      client,
      documentOrigin: origin,
      query,
      document,
      operationName,
      variables,
    };
    answerLive(this.#request, this.#response, accepted.subscription, subscription, {
      live,
      clock,
      onBegin: () => {
        this.#isStream = true;
        this.trace?.end(200);
      },
      onRefused: (code) => report.addCode(code),
    });
  }

  #refuse(refusal: Refusal): void {
    this.#context.operation.report.addCode(refusal.code ?? 'BAD_REQUEST');
    setHeaders(this.#request, this.#response, this.requestId, this.#options.corsOrigins);
    refuse(this.#request, this.#response, refusal);
  }

  #fail(error: unknown): void {
    // What is left unread of an answer ends in an error.
    if (this.aborted) return;
    const { emit, describeDefect } = this.#options;
    emit({ event: 'defect', ...describeDefect(error), requestId: this.requestId });
    const failed = { status: 500, code: 'INTERNAL_SERVER_ERROR', message: 'The gateway failed.' } as const;
    if (!this.#response.headersSent) return this.#refuse(failed);
    this.#context.operation.report.addCode(failed.code);
    this.#response.destroy();
  }

  closed(): void {
    this.#place.giveBack();
    const httpStatus = this.#response.writableFinished ? this.#response.statusCode : 0;
    if (httpStatus === 0) this.abort();
    if (this.#isStream) return;
    const { emit, clock } = this.#options;
    const { report } = this.#context.operation;
    emit(requestEvent(report, this, httpStatus, clock.now() - this.#startedAt));
    this.trace?.end(httpStatus);
  }
}
