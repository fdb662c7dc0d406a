import type { Clock } from '../base/clock.ts';
import type { Domain } from '../graphql/domain.ts';
import { createLive } from '../graphql/live/live.ts';
import { Operation } from '../graphql/operation.ts';
import { createChooseDocument } from '../graphql/trusted-documents/choose-document.ts';
import type { TrustedDocuments } from '../graphql/trusted-documents/trusted-documents.ts';
import { describeDefect } from '../observe/defect.ts';
import type { Emit } from '../observe/events.ts';
import type { RequestTraces } from '../observe/tracing/request-trace.ts';
import type { Places } from '../server/places.ts';
import type { OperationOptions } from '../server/websocket/socket-operation.ts';
import type { Config } from '../settings/config.ts';
import type { Executor } from './executor.ts';

export interface OperationParts {
  readonly executor: Executor;
  readonly domains: readonly Domain[];
  /** Undefined if no file is set. */
  readonly trusted: TrustedDocuments | undefined;
  /** Whether a plan may answer in place of Yoga. */
  readonly usesPlans: boolean;
  /** Undefined if nothing is traced. */
  readonly traces: RequestTraces | undefined;
  readonly places: Places;
  readonly emit: Emit;
  readonly clock: Clock;
}

/** How an operation runs, whether it came over HTTP or over a WebSocket: its document, its context, a plan, Yoga, or live. */
export function createOperations(config: Config, parts: OperationParts): OperationOptions {
  const { executor, domains, trusted, usesPlans, traces, places, emit, clock } = parts;
  const { schema, limits, plans, yoga } = executor;
  return {
    chooseDocument: createChooseDocument({
      documents: () => trusted?.documents,
      only: config.trustedDocumentsOnly,
    }),
    createContext: (caller, facts) => ({ operation: new Operation(caller, facts, limits) }),
    shortPath: usesPlans ? (asked, context) => plans.answer(asked, context) : undefined,
    handle: yoga.handle,
    subscriptionOf: yoga.subscriptionOf,
    live: createLive({
      schema,
      selfMoving: Object.assign({}, ...domains.map(({ selfMoving }) => selfMoving)),
      execute: yoga.execute,
      createContext: (caller, requestId) => ({
        operation: new Operation(caller, { requestId, ...forAnEvent }, limits),
      }),
      clock,
      emit,
      random: Math.random,
      maxStreams: config.liveMaxStreams,
      maxAgeMs: config.liveMaxAgeMs,
    }),
    beginTrace: traces?.begin,
    places,
    emit,
    clock,
    describeDefect,
  };
}

/** An event of a subscription is not a request: no client can abort it, and it has no span. */
const forAnEvent = { signal: new AbortController().signal, traceparent: undefined, trace: undefined };
