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
  /** The requested ID: a record may leave it out. */
  readonly id: string;
}

/** What the calls upstream need from their request. */
export interface OperationRequest extends CallOptions {
  /** Undefined if the request is not traced. */
  readonly trace: RequestTrace | undefined;
}

export interface OperationLimits extends AnswerLimits {
  /** Maximum calls upstream of an operation. */
  readonly maxCalls: number;
}

/**
 * The state of one operation: its loaders and its budget of calls. A class, because every request makes one: with closures and async
 * functions instead, a request took 15 µs more.
 */
export class Operation {
  readonly report = new OperationReport();
  readonly trace: RequestTrace | undefined;
  readonly #caller: Pick<Caller, 'call'>;
  readonly #request: OperationRequest;
  readonly #limits: OperationLimits;
  readonly #loaders: EndpointLoader[] = [];
  #dispatches: (() => void)[] = [];
  #batches: Batch<Loaded>[] = [];
  // Plans do not count: the limits are checked when a plan is made.
  #answer: AnswerCount | undefined;
  #planned = 0;
  #refusal: GraphQLError | undefined;

  constructor(caller: Pick<Caller, 'call'>, request: OperationRequest, limits: OperationLimits) {
    this.#caller = caller;
    this.#request = request;
    this.#limits = limits;
    this.trace = request.trace;
  }

  /** The size of the answer so far. */
  get answer(): AnswerCount {
    return (this.#answer ??= new AnswerCount(this.#limits));
  }

  /** Set if the operation needs too many calls, or its answer is too large. The answer is then this error, without data. */
  get refusal(): GraphQLError | undefined {
    return this.#refusal ?? this.#answer?.refusal;
  }

  /**
   * The endpoint's answer for one ID. An operation makes one call per ID, however often it is loaded; a failure is kept like an answer.
   * Call it in the tick in which a root field is resolved: the budget counts the IDs of that tick before the first call.
   *
   * @returns a promise that rejects with one of our GraphQLErrors, also for an invalid ID. It never throws.
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

  // The batches of all endpoints are dispatched together, so that all IDs are counted before the first call.
  #schedule(dispatch: () => void): void {
    if (this.#dispatches.push(dispatch) > 1) return;
    // After the promise jobs of this tick, like DataLoader's own scheduling, so that resolvers behind a promise join the batch.
    void resolved.then(() => process.nextTick(dispatchAll, this));
  }

  #gather(endpoint: Endpoint, ids: readonly string[]): Promise<readonly (Loaded | Error)[]> {
    this.#planned += ids.length;
    return new Promise((resolve) => this.#batches.push(new Batch(endpoint, ids, resolve)));
  }

  /** Called once in each tick in which IDs were loaded. */
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
    // Counted before it has settled: if the client leaves, the request's log line is written at once.
    this.report.calls += 1;
    const call = this.trace
      ? tracedCall(this.trace, this.#caller, endpoint, id, this.#request)
      : this.#caller.call(endpoint, id, this.#request);
    call.then(
      (settled) => batch.settle(place, this.#outcomeOf(id, settled)),
      // By its contract a call never rejects. If it does, that is a defect of ours, and it becomes the error of this ID.
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
