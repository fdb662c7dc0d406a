import DataLoader from 'dataloader';
import type { GraphQLError } from 'graphql';
import type { RequestTrace } from '../observe/tracing/request-trace.ts';
import type { Answer, Caller, CallOptions, Settled } from '../upstream/caller.ts';
import type { Endpoint } from '../upstream/endpoint.ts';
import { Batch } from './batch.ts';
import { failureToError, tooManyCalls } from './errors.ts';
import { checkId } from './ids.ts';
import { AnswerCount, type AnswerLimits } from './limits/answer-count.ts';
import { OperationReport } from './report.ts';
import { tracedCall } from './traced-call.ts';

/** The endpoint's answer for an ID. */
export interface Loaded extends Answer {
  /** As asked: a record need not repeat it. */
  readonly id: string;
}

/** What one request brings that its calls upstream need. */
export interface OperationRequest extends CallOptions {
  /** Undefined where the request is not traced. */
  readonly trace: RequestTrace | undefined;
}

export interface OperationLimits extends AnswerLimits {
  /** Calls upstream that an operation may make. */
  readonly maxCalls: number;
}

/**
 * What lives as long as one operation: its loaders and its budget of calls. A class, because every request makes one: closures and
 * async functions in its place cost 15 µs a request.
 */
export class Operation {
  readonly report = new OperationReport();
  /** How large the answer has become. */
  readonly answer: AnswerCount;
  readonly trace: RequestTrace | undefined;
  readonly #caller: Pick<Caller, 'call'>;
  readonly #request: OperationRequest;
  readonly #limits: OperationLimits;
  readonly #loaders: EndpointLoader[] = [];
  #dispatches: (() => void)[] = [];
  #batches: Batch<Loaded>[] = [];
  #planned = 0;
  #refusal: GraphQLError | undefined;

  constructor(caller: Pick<Caller, 'call'>, request: OperationRequest, limits: OperationLimits) {
    this.#caller = caller;
    this.#request = request;
    this.#limits = limits;
    this.trace = request.trace;
    this.answer = new AnswerCount(limits);
  }

  /** Set once the operation needs more calls than it may make, or its answer is too large. Its answer is then this error and no data. */
  get refusal(): GraphQLError | undefined {
    return this.#refusal ?? this.answer.refusal;
  }

  /**
   * The endpoint's answer for one ID, asked once in an operation however often it is loaded; a failure is kept like an answer.
   * Must be called in the tick in which a root field is resolved: the budget counts what has gathered by then.
   *
   * @returns a promise that rejects with a GraphQLError of the closed set, for an ID that cannot be sent too: it never throws.
   */
  load(endpoint: Endpoint, id: unknown): Promise<Loaded> {
    const checked = checkId(id);
    if (typeof checked !== 'string') return Promise.reject(checked);
    const { refusal } = this;
    if (refusal) return Promise.reject(refusal);
    return this.#loaderOf(endpoint).load(checked);
  }

  #loaderOf(endpoint: Endpoint): DataLoader<string, Loaded> {
    for (const one of this.#loaders) if (one.endpoint === endpoint) return one.loader;
    const loader = new DataLoader<string, Loaded>((ids) => this.#gather(endpoint, ids), {
      batchScheduleFn: (dispatch) => this.#schedule(dispatch),
    });
    this.#loaders.push({ endpoint, loader });
    return loader;
  }

  // The batches of all endpoints are dispatched together: all of their IDs are counted before the first call is made.
  #schedule(dispatch: () => void): void {
    if (this.#dispatches.push(dispatch) > 1) return;
    // After the promise jobs of this tick, as DataLoader itself waits: resolvers below a promise still join.
    void resolved.then(() => process.nextTick(dispatchAll, this));
  }

  #gather(endpoint: Endpoint, ids: readonly string[]): Promise<readonly (Loaded | Error)[]> {
    this.#planned += ids.length;
    return new Promise((resolve) => this.#batches.push(new Batch(endpoint, ids, resolve)));
  }

  /** Called once a tick in which something was loaded. */
  dispatch(): void {
    const dispatches = this.#dispatches;
    this.#dispatches = [];
    this.#batches = [];
    for (const dispatch of dispatches) dispatch();
    for (const batch of this.#batches) this.#begin(batch);
  }

  #begin(batch: Batch<Loaded>): void {
    if (this.#planned > this.#limits.maxCalls) this.#refusal ??= tooManyCalls(this.#limits.maxCalls);
    const { refusal } = this;
    if (refusal) return batch.fail(refusal);
    for (let place = 0; place < batch.ids.length; place += 1) this.#call(batch, place);
  }

  #call(batch: Batch<Loaded>, place: number): void {
    const { endpoint } = batch;
    const id = batch.ids[place] ?? '';
    // Before it is settled: a client that leaves is told of in the log as soon as it has left.
    this.report.calls += 1;
    const call = this.trace
      ? tracedCall(this.trace, this.#caller, endpoint, id, this.#request)
      : this.#caller.call(endpoint, id, this.#request);
    call.then(
      (settled) => batch.settle(place, this.#outcomeOf(id, settled)),
      // By its contract a call never rejects. Where it does, it is a defect of ours, and becomes the error of this ID.
      (defect: Error) => batch.settle(place, defect),
    );
  }

  #outcomeOf(id: string, settled: Settled): Loaded | GraphQLError {
    this.report.addCall(settled);
    const { outcome } = settled;
    if (outcome.kind !== 'answer') return failureToError(outcome);
    const { kind, record, timestamp, answered } = outcome;
    return { kind, record, timestamp, answered, id };
  }
}

interface EndpointLoader {
  readonly endpoint: Endpoint;
  readonly loader: DataLoader<string, Loaded>;
}

const resolved = Promise.resolve();

const dispatchAll = (operation: Operation): void => operation.dispatch();
