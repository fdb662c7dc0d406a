import { getOperationAST, type GraphQLSchema } from 'graphql';
import type { Clock } from '../../base/clock.ts';
import type { Emit } from '../../observe/events.ts';
import type { Caller } from '../../upstream/caller.ts';
import type { GatewayContext } from '../context.ts';
import { readVariables } from '../limits/variables.ts';
import { maskError } from '../masking.ts';
import { type Cohort, createCohort } from './cohort.ts';
import { executeEvent, type ExecuteOnce, type Executed, refusedEvent } from './execute-event.ts';
import type { LiveRequest } from './sink.ts';
import { type Selected, selectedIn, type SelfMoving } from './self-moving.ts';

export interface CohortsOptions {
  readonly schema: GraphQLSchema;
  readonly selfMoving: SelfMoving;
  readonly execute: ExecuteOnce;
  /** A context for one event. */
  readonly createContext: (caller: Pick<Caller, 'call'>, requestId: string) => GatewayContext;
  readonly clock: Clock;
  readonly emit: Emit;
}

/** Finds the cohort of a request, or creates it. */
export function createCohorts(options: CohortsOptions): (request: LiveRequest) => Cohort {
  const { schema, clock, emit } = options;
  // Nested maps: a request can never find a cohort of another caller.
  const byCaller = new Map<string, Map<string, Cohort>>();

  const create = (request: LiveRequest, variables: Variables, onEnd: () => void): Cohort => {
    const operation = getOperationAST(request.document, request.operationName);
    if (!operation) throw new Error('The document has no such operation.');
    const selected = selectedIn(options, request.document, operation, variables);
    return createCohort(request, {
      clock,
      selected,
      execute: (caller) => executeFor(request, selected, caller, options),
      onEvent: (viewers) => emit({ event: 'liveEvent', viewers }),
      onEnd,
    });
  };

  return (request) => {
    const variables = readVariables(schema, request.document, request.operationName, request.variables);
    // The execution will refuse it, so there is nothing to share.
    if ('problem' in variables) return create(request, {}, () => undefined);
    const { identity } = request.caller;
    const cohorts = byCaller.get(identity) ?? new Map<string, Cohort>();
    byCaller.set(identity, cohorts);
    const question = JSON.stringify([request.query, request.operationName ?? null, variables.values]);
    const known = cohorts.get(question);
    if (known && !known.hasRefusal) return known;
    const cohort = create(request, variables.values, () => {
      // After a refusal, another cohort may have replaced this one.
      if (cohorts.get(question) === cohort) cohorts.delete(question);
      if (cohorts.size === 0 && byCaller.get(identity) === cohorts) byCaller.delete(identity);
    });
    cohorts.set(question, cohort);
    return cohort;
  };
}

type Variables = Readonly<Record<string, unknown>>;

async function executeFor(
  request: LiveRequest,
  selected: Selected,
  caller: Pick<Caller, 'call'>,
  { execute, createContext, emit }: CohortsOptions,
): Promise<Executed> {
  try {
    return await executeEvent(request, execute, createContext(caller, request.requestId), selected);
  } catch (error) {
    return refusedEvent(maskError(error, emit, request.requestId));
  }
}
