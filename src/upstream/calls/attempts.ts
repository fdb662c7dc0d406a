import type { Emit } from '../../observe/events.ts';
import type { Admission } from './admission.ts';
import type { Answer } from '../answer/answer.ts';
import type { Priority, Settled } from '../caller.ts';
import type { Callers, KnownCaller } from './callers.ts';
import type { Circuit, Leave } from './circuit.ts';
import type { Clock } from '../../base/clock.ts';
import type { Signal } from '../../base/signal.ts';
import type { Connections } from '../exchange/connections.ts';
import { createDriftWatch } from '../answer/drift-watch.ts';
import { Ending } from './ending.ts';
import { readAnswer } from '../answer/envelope.ts';
import { createReadingTurns } from '../answer/reading-turns.ts';
import { exchange, type Exchanged } from '../exchange/exchange.ts';
import { parseRetryAfter } from '../answer/retry-after.ts';
import type { UnavailableReason, UpstreamFailure } from '../failures.ts';
import { createRequests, type Question } from '../exchange/request.ts';
import { createNotices } from './notices.ts';
import { createRetryBudget, retryDelay } from './retry.ts';
import type { UpstreamSettings } from '../settings.ts';

export interface AttemptsParts {
  readonly connections: Connections;
  readonly callers: Callers;
  readonly admission: Admission;
  readonly circuit: Circuit;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly random: () => number;
}

/** One call from start to outcome: it waits in the queue, is sent, and is retried at most once, all within one deadline. */
export interface Attempts {
  /**
   * @param callerKey a hash of the question's token.
   * @param abandoned aborted when nobody waits for the outcome any more.
   */
  call(callerKey: string, question: Question, abandoned: Signal, priority: Priority): Promise<Settled>;
  /** Resolves when no call is in flight. */
  idle(): Promise<void>;
}

type Outcome = Answer | UpstreamFailure;

/** A request that was sent, and what came of it. */
interface Sent {
  readonly exchanged: Exchanged;
  readonly outcome: Outcome;
  /** For the retry to settle: the upstream has probably closed the reused connection before the request arrived. */
  readonly stale: Leave | undefined;
}

interface Talked {
  readonly outcome: Outcome;
  readonly attempts: number;
}

export function createAttempts(settings: UpstreamSettings, parts: AttemptsParts): Attempts {
  const { connections, callers, admission, circuit, clock, emit, random } = parts;
  const { timeoutMs, maxBytes, statusCodes } = settings;
  const requestFor = createRequests(settings);
  const turns = createReadingTurns();
  const budget = createRetryBudget(settings.concurrency);
  const notices = createNotices(clock, emit);
  const drift = createDriftWatch(emit);

  const read = (exchanged: Exchanged, { endpoint, id }: Question, ending: Ending): Outcome => {
    switch (exchanged.kind) {
      case 'answered':
        return withRetryAfter(
          readAnswer(exchanged, endpoint, id, statusCodes, drift.tell),
          exchanged.retryAfter,
          clock.wallNow(),
        );
      case 'broken':
        return unavailable('connection');
      case 'unusable':
        return { kind: 'invalid-response', reason: exchanged.reason };
      case 'aborted':
        return ending.failure;
      default:
        return exchanged satisfies never;
    }
  };

  const circuitOpen = (): UpstreamFailure => ({
    kind: 'unavailable',
    reason: 'circuit-open',
    retryAfterMs: circuit.untilTrialMs,
  });

  /** Sends one request, if the circuit breaker allows it, and reports the outcome to the circuit breaker. */
  const send = async (
    caller: KnownCaller,
    question: Question,
    ending: Ending,
    repeats: boolean,
  ): Promise<Sent | undefined> => {
    const leave = circuit.ask(caller);
    if (!leave) return undefined;
    // Time that was spent in our own queue says nothing about the upstream.
    const hasTime = ending.deadline - clock.now() >= timeoutMs / 2;
    const connection = repeats ? connections.open(ending.deadline) : connections.take(ending.deadline);
    let exchanged = await exchange(connection, requestFor(question), {
      maxBytes,
      signal: ending.signal,
    });
    const isStale = exchanged.kind === 'broken' && connection.isUnanswered;
    if (!isStale)
      leave.settle(caller, exchanged.kind === 'aborted' ? isIllBy(ending, hasTime) : saysIll(exchanged));
    const turn = exchanged.kind === 'answered' && turns.take(exchanged.body?.length ?? 0);
    if (turn) {
      await turn;
      // An answer that arrived in time is read even if the deadline has passed since, but not if no request waits for it any more.
      if (ending.signal.aborted && ending.failure.kind === 'aborted') exchanged = { kind: 'aborted' };
    }
    const outcome = read(exchanged, question, ending);
    if (isUnderstood(exchanged, outcome)) connections.giveBack(connection);
    else connection.destroy();
    return { exchanged, outcome, stale: isStale ? leave : undefined };
  };

  /** Sends a request once more if `retry.ts` says so: within the budget, or because the connection was stale. */
  const retry = async (
    { exchanged, stale }: Sent,
    caller: KnownCaller,
    question: Question,
    ending: Ending,
  ): Promise<Sent | undefined> => {
    const delayMs = retryDelay(exchanged, {
      isStale: stale !== undefined,
      leftMs: ending.deadline - clock.now(),
      wallNowMs: clock.wallNow(),
      random,
    });
    let sent: Sent | undefined;
    if (delayMs !== undefined && circuit.state === 'closed' && (stale || budget.spend())) {
      // The call keeps its turn during the pause, so that an upstream that asks for a pause gets fewer requests.
      if (delayMs > 0) await ending.pause(delayMs);
      if (!ending.signal.aborted) sent = await send(caller, question, ending, true);
    }
    // The retry had a fresh connection: it tells whether the upstream fails or only the old connection was closed.
    stale?.settle(caller, (sent && saysIll(sent.exchanged)) || undefined);
    return sent;
  };

  /** Sends a request, and once more if it needs a retry. */
  const talk = async (caller: KnownCaller, question: Question, ending: Ending): Promise<Talked> => {
    budget.gain();
    const first = await send(caller, question, ending, false);
    if (!first) return { outcome: circuitOpen(), attempts: 0 };
    const second = first.outcome.kind === 'answer' ? undefined : await retry(first, caller, question, ending);
    const { exchanged, outcome } = second ?? first;
    if (exchanged.kind === 'broken') notices.unreachable(exchanged.code, question.requestId);
    if (outcome.kind === 'invalid-response') {
      const detail = exchanged.kind === 'unusable' ? exchanged.detail : undefined;
      notices.unusable(outcome.reason, detail, question.requestId);
    }
    if (outcome.kind === 'answer' && outcome.record) drift.watch(question.endpoint, outcome.record);
    return { outcome, attempts: second ? 2 : 1 };
  };

  const settle = (
    { endpoint, requestId }: Question,
    startedAt: number,
    outcome: Outcome,
    waitedMs: number,
    attempts: number,
  ): Settled => {
    const durationMs = clock.now() - startedAt;
    emit({
      event: 'upstreamCall',
      endpoint: endpoint.name,
      outcome: outcome.kind,
      reason: 'reason' in outcome ? outcome.reason : undefined,
      durationMs,
      waitedMs,
      attempts,
      requestId,
    });
    return { outcome, waitedMs, durationMs, attempts, shared: false };
  };

  let underWay = 0;
  // A list, because `idle` can be called more than once.
  let idlers: (() => void)[] = [];

  return {
    idle: () =>
      new Promise((resolve) => {
        if (underWay === 0) resolve();
        else idlers.push(resolve);
      }),
    async call(callerKey, question, abandoned, priority) {
      const startedAt = clock.now();
      const caller = callers.find(callerKey);
      if (circuit.refuses(caller)) return settle(question, startedAt, circuitOpen(), 0, 0);
      const ending = new Ending(clock, timeoutMs, abandoned);
      underWay += 1;
      const entering = admission.enter(caller, ending, priority);
      const admitted = entering instanceof Promise ? await entering : entering;
      const waitedMs = clock.now() - startedAt;
      try {
        if (admitted.kind === 'refused')
          return settle(question, startedAt, unavailable(admitted.reason), waitedMs, 0);
        if (admitted.kind === 'left') return settle(question, startedAt, ending.failure, waitedMs, 0);
        if (admitted.kind === 'unauthenticated') return settle(question, startedAt, admitted, waitedMs, 0);
        let talked: Talked | undefined;
        try {
          talked = await talk(caller, question, ending);
        } finally {
          admission.leave(admitted, talked?.outcome);
        }
        return settle(question, startedAt, talked.outcome, waitedMs, talked.attempts);
      } finally {
        ending.cancel();
        underWay -= 1;
        if (underWay === 0) {
          for (const tell of idlers) tell();
          idlers = [];
        }
      }
    },
  };
}

/** Whether an end without an answer means that the upstream fails; undefined if it does not tell. */
function isIllBy({ hasHung, isLate }: Ending, hasTime: boolean): true | undefined {
  return hasHung || (isLate && hasTime) || undefined;
}

/** Adds the upstream's `Retry-After` to the outcome, for our clients. */
function withRetryAfter(outcome: Outcome, header: string | undefined, wallNowMs: number): Outcome {
  if (outcome.kind !== 'unavailable' || header === undefined) return outcome;
  return { ...outcome, retryAfterMs: parseRetryAfter(header, wallNowMs) };
}

/** Whether the upstream failed: no complete answer, or a 5xx. A refusal or an unreadable answer does not count. */
function saysIll(exchanged: Exchanged): boolean {
  if (exchanged.kind === 'answered') return exchanged.httpStatus >= 500 && exchanged.httpStatus <= 599;
  return exchanged.kind === 'broken';
}

/** Whether the connection may be reused: after one stray answer, every later answer on it would belong to the wrong request. */
function isUnderstood(exchanged: Exchanged, outcome: Outcome): boolean {
  return exchanged.kind === 'answered' && exchanged.body !== undefined && outcome.kind !== 'invalid-response';
}

const unavailable = (reason: UnavailableReason): UpstreamFailure => ({ kind: 'unavailable', reason });
