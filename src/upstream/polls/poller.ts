import type { Clock } from '../../base/clock.ts';
import { Aborter, type Signal } from '../../base/signal.ts';
import type { Answer } from '../answer/answer.ts';
import type { Listener, Polled, Priority, Settled, Watch } from '../caller.ts';
import type { Endpoint } from '../endpoint.ts';
import type { UpstreamFailure } from '../failures.ts';
import { sameAnswer } from './same-answer.ts';

export interface PollerOptions {
  readonly endpoint: Endpoint;
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly call: (priority: Priority, signal: Signal) => Promise<Settled>;
  /** Called when a poll was refused because queries take all capacity. */
  readonly onSkip: () => void;
  /** Called when polling ends: the last viewer has left, or the last answer was final. */
  readonly onEnd: () => void;
}

export interface Poller {
  /** Whether the last answer was a failure. */
  readonly isFailing: boolean;
  watch(listener: Listener): Watch;
}

/** Each delay is up to 10 % longer or shorter, so that pollers that started together do not stay in step. */
const jitter = 0.1;
const maxBackoffMs = 10_000;

/** Polls one endpoint for one ID, on behalf of all its viewers. The interval starts with each answer. */
export function createPoller(options: PollerOptions): Poller {
  const { endpoint, intervalMs, clock, random, call, onSkip, onEnd } = options;
  const listeners = new Set<Listener>();
  const ended = new Aborter();
  let latest: Polled | undefined;
  let answeredAt = 0;
  let failures = 0;
  // Whether the last record was final. One more poll follows it, because late corrections happen.
  let isLast = false;
  // Listeners that wait for the answer of the call in flight, or of the next one.
  let waiting: Listener[] = [];
  let isCalling = false;
  let cancelNext: (() => void) | undefined;

  const end = () => {
    cancelNext?.();
    ended.abort();
    onEnd();
  };

  const pollAfter = (delayMs: number) => {
    cancelNext = clock.after(delayMs * (1 - jitter + 2 * jitter * random()), () => start('poll'));
  };

  const start = (priority: Priority) => {
    cancelNext?.();
    cancelNext = undefined;
    isCalling = true;
    void call(priority, ended).then(receive, () => receive(unusable));
  };

  const receive = ({ outcome }: Pick<Settled, 'outcome'>) => {
    isCalling = false;
    if (ended.aborted) return;
    if (outcome.kind === 'unavailable' && outcome.reason === 'no-room') {
      onSkip();
      // A poll gives way to queries. If viewers wait for this answer, the call counts as a query.
      return waiting.length > 0 ? start('query') : pollAfter(intervalMs);
    }
    const changed = !latest || !sameAnswer(latest.outcome, outcome, endpoint);
    const isOver =
      outcome.kind === 'answer' && outcome.record !== null && endpoint.isOver?.(outcome.record) === true;
    const final = isRefusal(outcome) || (isLast && isOver);
    if (outcome.kind === 'answer') isLast = isOver;
    latest = { outcome, changed, final };
    answeredAt = clock.now();
    failures = isFailure(outcome) ? failures + 1 : 0;
    if (!final) pollAfter(failures === 0 ? intervalMs : backoffMs(failures, intervalMs));
    const receivers = [...listeners, ...waiting];
    waiting = [];
    for (const listener of receivers) listener(latest);
    if (final && !ended.aborted) end();
  };

  return {
    get isFailing() {
      return failures > 0;
    },
    watch(listener) {
      const own: Listener = (polled) => listener(polled);
      listeners.add(own);
      if (!latest && !isCalling) start('query');
      return {
        get latest() {
          return latest;
        },
        current: async () => {
          const isFresh = latest?.final || failures > 0 || clock.now() - answeredAt < intervalMs;
          if (latest && isFresh) return latest;
          if (!isCalling) start('query');
          return new Promise((resolve) => waiting.push(resolve));
        },
        leave() {
          if (!listeners.delete(own) || listeners.size > 0 || ended.aborted) return;
          end();
        },
      };
    },
  };
}

/** A call must never reject. If a bug makes one reject, the rejection must not end the process and all its streams. */
const unusable: Pick<Settled, 'outcome'> = {
  outcome: { kind: 'invalid-response', reason: 'not-envelope' },
};

/** The upstream refuses for good: another poll would get the same answer. */
const isRefusal = ({ kind }: Answer | UpstreamFailure): boolean =>
  kind === 'unauthenticated' || kind === 'forbidden' || kind === 'not-found';

/** The upstream fails, so it is polled less often. */
const isFailure = ({ kind }: Answer | UpstreamFailure): boolean =>
  kind === 'unavailable' || kind === 'timeout' || kind === 'invalid-response';

const backoffMs = (failures: number, intervalMs: number): number =>
  Math.min(intervalMs * 2 ** Math.min(failures, 20), Math.max(intervalMs, maxBackoffMs));
