import DataLoader from 'dataloader';
import type { GraphQLError } from 'graphql';
import type { RequestTrace } from '../observe/tracing/request-trace.ts';
import type { Answer, Caller, CallOptions } from '../upstream/caller.ts';
import type { Endpoint } from '../upstream/endpoint.ts';
import { failureToError, tooManyCalls } from './errors.ts';
import { checkId } from './ids.ts';
import { AnswerCount, type AnswerLimits } from './limits/answer-count.ts';
import { addCall, createReport, type OperationReport } from './report.ts';
import { tracedCall } from './traced-call.ts';

/** What lives as long as one operation: its loaders and its budget of calls. */
export interface Operation {
  /**
   * The endpoint's answer for one ID, asked once in an operation however often it is loaded; a failure is kept like an answer.
   * Must be called in the tick in which a root field is resolved: the budget counts what has gathered by then.
   *
   * @throws (rejects with) a GraphQLError of the closed set.
   */
  load(endpoint: Endpoint, id: unknown): Promise<Loaded>;
  /** How large the answer has become. */
  readonly answer: AnswerCount;
  /** Set once the operation needs more calls than it may make, or its answer is too large. Its answer is then this error and no data. */
  readonly refusal: GraphQLError | undefined;
  readonly report: OperationReport;
  /** Undefined where the request is not traced. */
  readonly trace: RequestTrace | undefined;
}

/** The endpoint's answer for an ID. */
export interface Loaded extends Answer {
  /** As asked: a record need not repeat it. */
  readonly id: string;
}

export interface OperationOptions extends CallOptions {
  readonly caller: Caller;
  /** Calls upstream that this operation may make. */
  readonly maxCalls: number;
  readonly answerLimits: AnswerLimits;
  readonly trace: RequestTrace | undefined;
}

export function createOperation(options: OperationOptions): Operation {
  const { caller, maxCalls, trace } = options;
  const loaders = new Map<Endpoint, DataLoader<string, Loaded>>();
  const answer = new AnswerCount(options.answerLimits);
  const report = createReport();
  let planned = 0;
  let refusal: GraphQLError | undefined;

  const refuse = () => (refusal ??= tooManyCalls(maxCalls));

  // The batches of all endpoints are dispatched together: each counts its IDs before it first waits, and calls after that, so
  // no call is made before all of them are counted.
  let gathered: (() => void)[] = [];
  const schedule = (dispatch: () => void) => {
    gathered.push(dispatch);
    if (gathered.length > 1) return;
    // After the promise jobs of this tick, as DataLoader itself waits: resolvers below a promise still join.
    void Promise.resolve().then(() =>
      process.nextTick(() => {
        const batch = gathered;
        gathered = [];
        for (const dispatchOne of batch) dispatchOne();
      }),
    );
  };

  const createLoader = (endpoint: Endpoint) =>
    new DataLoader<string, Loaded>(
      async (ids) => {
        planned += ids.length;
        await Promise.resolve();
        const error = answer.refusal ?? (planned > maxCalls ? refuse() : undefined);
        if (error) {
          return ids.map(() => error);
        }
        return Promise.all(ids.map((id) => callFor(endpoint, id)));
      },
      { batchScheduleFn: schedule },
    );

  const callFor = async (endpoint: Endpoint, id: string) => {
    // Before it is settled: who leaves is told of in the log as soon as they have left.
    report.calls += 1;
    const settled = await (trace
      ? tracedCall(trace, caller, endpoint, id, options)
      : caller.call(endpoint, id, options));
    addCall(report, settled);
    return settled.outcome.kind === 'answer' ? { ...settled.outcome, id } : failureToError(settled.outcome);
  };

  return {
    async load(endpoint, id) {
      const checked = checkId(id);
      const ended = refusal ?? answer.refusal;
      if (ended) throw ended;
      let loader = loaders.get(endpoint);
      if (!loader) loaders.set(endpoint, (loader = createLoader(endpoint)));
      return loader.load(checked);
    },
    answer,
    get refusal() {
      return refusal ?? answer.refusal;
    },
    report,
    trace,
  };
}
