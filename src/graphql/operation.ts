import type { GraphQLError } from 'graphql';
import { Stage } from '../base/stage.ts';
import type { RequestTrace } from '../observe/tracing/request-trace.ts';
import type { Answer } from '../upstream/answer/answer.ts';
import type { Caller, CallOptions, Settled } from '../upstream/caller.ts';
import type { Endpoint } from '../upstream/endpoint.ts';
import type { Batch } from './batch.ts';
import { EndpointLoader, type LoadScheduler } from './endpoint-loader.ts';
import { failureToError, tooManyCalls } from './errors.ts';
import { checkId } from './ids.ts';
import { AnswerCount, type AnswerLimits } from './limits/answer-count.ts';
import { OperationReport } from './report.ts';
import { tracedCall } from './traced-call.ts';

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
export class Operation implements LoadScheduler {
  readonly report = new OperationReport();
  readonly trace: RequestTrace | undefined;
  readonly #caller: Pick<Caller, 'call'>;
  readonly #request: OperationRequest;
  readonly #limits: OperationLimits;
  // Nearly always one. The first push to an empty array reserves 17 slots; a literal has one.
  #loaders: EndpointLoader[] | undefined;
  #isScheduled = false;
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

  /** The request's ID in the log, in the response's `x-request-id` and in the upstream's log. */
  get requestId(): string {
    return this.#request.requestId;
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
  load(endpoint: Endpoint, id: unknown): Promise<Answer> {
    const checked = checkId(id);
    if (typeof checked !== 'string') return Promise.reject(checked);
    const { refusal } = this;
    if (refusal) return Promise.reject(refusal);
    return this.#loaderOf(endpoint).load(checked);
  }

  #loaderOf(endpoint: Endpoint): EndpointLoader {
    for (const one of this.#loaders ?? none) if (one.endpoint === endpoint) return one;
    const loader = new EndpointLoader(endpoint, this);
    if (this.#loaders) this.#loaders.push(loader);
    else this.#loaders = [loader];
    return loader;
  }

  /** The batches of all endpoints begin together, so that all IDs are counted before the first call. */
  schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    dispatches.add(this);
  }

  /** Called once in each tick in which IDs were loaded. */
  dispatch(): void {
    this.#isScheduled = false;
    const loaders = this.#loaders ?? none;
    for (const loader of loaders) {
      loader.gather();
      this.#planned += loader.batch?.ids.length ?? 0;
    }
    for (const { endpoint, batch } of loaders) if (batch) this.#begin(endpoint, batch);
  }

  #begin(endpoint: Endpoint, batch: Batch): void {
    if (this.#planned > this.#limits.maxCalls) this.#refusal ??= tooManyCalls(this.#limits.maxCalls);
    const { refusal } = this;
    if (refusal) return batch.fail(refusal);
    for (let place = 0; place < batch.ids.length; place += 1) this.#call(endpoint, batch, place);
  }

  #call(endpoint: Endpoint, batch: Batch, place: number): void {
    const id = batch.ids[place] ?? '';
    // Counted before it has settled: if the client leaves, the request's log line is written at once.
    this.report.calls += 1;
    const call = this.trace
      ? tracedCall(this.trace, this.#caller, endpoint, id, this.#request)
      : this.#caller.call(endpoint, id, this.#request);
    call.then(
      (settled) => batch.settle(place, this.#outcomeOf(settled)),
      // By its contract a call never rejects. If it does, that is a defect of ours, and it becomes the error of this ID.
      (defect: Error) => batch.settle(place, defect),
    );
  }

  #outcomeOf(settled: Settled): Answer | GraphQLError {
    this.report.addCall(settled);
    const { outcome } = settled;
    return outcome.kind === 'answer' ? outcome : failureToError(outcome);
  }
}

const none: readonly EndpointLoader[] = [];

const resolved = Promise.resolve();

/**
 * The operations that have loaded IDs in this tick. They are dispatched after its promise jobs, as DataLoader itself would, so that resolvers
 * behind a promise join the batch. There is no maximum: it would dispatch an operation whose IDs are not complete. Between ticks it is
 * empty, so all gateways of a process can share it.
 */
const dispatches = new Stage<Operation>(
  (operation) => operation.dispatch(),
  (task) => void resolved.then(() => process.nextTick(task)),
  Infinity,
);
