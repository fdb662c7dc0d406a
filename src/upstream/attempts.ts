import type { Emit } from '../observe/events.ts';
import type { Admission } from './admission.ts';
import type { Answer, Settled } from './caller.ts';
import type { Circuit } from './circuit.ts';
import type { Clock } from './clock.ts';
import type { Connections } from './connections.ts';
import { createDriftWatch } from './drift.ts';
import { readAnswer } from './envelope.ts';
import { exchange, type Exchanged } from './exchange.ts';
import type { UnavailableReason, UpstreamFailure } from './failures.ts';
import { createRequest, type Question } from './request.ts';
import { createRetryBudget, retryDelay } from './retry.ts';
import { createUnreachableNotice } from './unreachable.ts';
import type { UpstreamSettings } from './upstream.ts';

export interface AttemptsParts {
  readonly connections: Connections;
  readonly admission: Admission;
  readonly circuit: Circuit;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly random: () => number;
}

/** One call from its asking to its outcome: admitted, sent, repeated once if need be, all inside one deadline. */
export interface Attempts {
  /** @param abandoned aborted when nobody waits for the outcome any more. */
  call(question: Question, abandoned: AbortSignal): Promise<Settled>;
}

type Outcome = Answer | UpstreamFailure;

export function createAttempts(settings: UpstreamSettings, parts: AttemptsParts): Attempts {
  const { connections, admission, circuit, clock, emit, random } = parts;
  const { timeoutMs, maxBytes, statusCodes } = settings;
  const budget = createRetryBudget(settings.concurrency);
  const noticeUnreachable = createUnreachableNotice(clock, emit);
  const watchDrift = createDriftWatch(emit);

  /** Sends one request, if the circuit lets it through, and tells the circuit what came of it. */
  const send = async (
    question: Question,
    repeats: boolean,
    ending: Ending,
  ): Promise<Exchanged | undefined> => {
    const leave = circuit.ask();
    if (!leave) return undefined;
    const request = createRequest(question, settings);
    const dispatcher = repeats ? connections.fresh : connections.warm();
    const exchanged = await exchange(dispatcher, { ...request, maxBytes }, ending.signal);
    leave.settle(saysIll(exchanged, ending));
    return exchanged;
  };

  const talk = async (
    question: Question,
    ending: Ending,
  ): Promise<{ outcome: Outcome; attempts: number }> => {
    budget.gain();
    let attempts = 1;
    let exchanged = await send(question, false, ending);
    if (!exchanged) return { outcome: unavailable('circuit-open'), attempts: 0 };
    const delayMs = retryDelay(exchanged, {
      leftMs: ending.deadline - clock.now(),
      nowMs: clock.now(),
      random,
    });
    if (delayMs !== undefined && circuit.state === 'closed' && budget.spend()) {
      await pause(delayMs, clock, ending.signal);
      const repeated = ending.signal.aborted ? undefined : await send(question, true, ending);
      if (repeated) {
        attempts = 2;
        exchanged = repeated;
      }
    }
    return { outcome: read(exchanged, question, ending), attempts };
  };

  const read = (exchanged: Exchanged, { endpoint, id, requestId }: Question, ending: Ending): Outcome => {
    switch (exchanged.kind) {
      case 'complete': {
        const outcome = readAnswer(exchanged, endpoint, id, statusCodes);
        // One stray answer would shift all that follow on its connection.
        if (outcome.kind === 'invalid-response' && outcome.reason === 'other-record') connections.distrust();
        if (outcome.kind === 'answer' && outcome.record) watchDrift(endpoint, outcome.record);
        return outcome;
      }
      case 'broken':
        noticeUnreachable(exchanged.code, requestId);
        return unavailable('connection');
      case 'unusable':
        return { kind: 'invalid-response', reason: exchanged.reason };
      case 'aborted':
        return ending.outcome();
      default:
        return exchanged satisfies never;
    }
  };

  return {
    async call(question, abandoned) {
      const startedAt = clock.now();
      const settle = (outcome: Outcome, waitedMs: number, attempts: number): Settled => {
        const durationMs = clock.now() - startedAt;
        emit({
          event: 'upstreamCall',
          endpoint: question.endpoint.name,
          outcome: outcome.kind,
          reason: 'reason' in outcome ? outcome.reason : undefined,
          durationMs,
          waitedMs,
          attempts,
          requestId: question.requestId,
        });
        return { outcome, waitedMs, durationMs, attempts, shared: false };
      };
      if (circuit.refuses) return settle(unavailable('circuit-open'), 0, 0);
      const ending = createEnding(clock, timeoutMs, abandoned);
      const admitted = await admission.enter(question.token, ending.deadline, ending.signal);
      const waitedMs = clock.now() - startedAt;
      try {
        if (admitted.kind === 'refused') return settle(unavailable(admitted.reason), waitedMs, 0);
        if (admitted.kind === 'left') return settle(ending.outcome(), waitedMs, 0);
        const { outcome, attempts } = await talk(question, ending).finally(() => admitted.end());
        return settle(outcome, waitedMs, attempts);
      } finally {
        ending.cancel();
      }
    },
  };
}

/** When and why a call ends without an answer. */
interface Ending {
  readonly deadline: number;
  readonly signal: AbortSignal;
  readonly isLate: () => boolean;
  outcome(): UpstreamFailure;
  cancel(): void;
}

function createEnding(clock: Clock, timeoutMs: number, abandoned: AbortSignal): Ending {
  const controller = new AbortController();
  let late = false;
  const cancelTimer = clock.after(timeoutMs, () => {
    late = true;
    controller.abort();
  });
  const abandon = () => controller.abort();
  abandoned.addEventListener('abort', abandon, { once: true });
  if (abandoned.aborted) abandon();
  return {
    deadline: clock.now() + timeoutMs,
    signal: controller.signal,
    isLate: () => late,
    outcome: () => ({ kind: late ? 'timeout' : 'aborted' }),
    cancel() {
      cancelTimer();
      abandoned.removeEventListener('abort', abandon);
    },
  };
}

// Only what says that the upstream is ill: no connection, no complete answer, 5xx, the deadline. A caller that left says nothing.
function saysIll(exchanged: Exchanged, ending: Ending): boolean | undefined {
  if (exchanged.kind === 'aborted') return ending.isLate() ? true : undefined;
  return (
    exchanged.kind === 'broken' || (exchanged.kind === 'complete' && isServerError(exchanged.httpStatus))
  );
}

const isServerError = (httpStatus: number) => httpStatus >= 500 && httpStatus <= 599;

const unavailable = (reason: UnavailableReason): UpstreamFailure => ({ kind: 'unavailable', reason });

/** Ends early when the signal is aborted. */
async function pause(delayMs: number, clock: Clock, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const end = () => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.after(delayMs, end);
    signal.addEventListener('abort', end, { once: true });
  });
}
