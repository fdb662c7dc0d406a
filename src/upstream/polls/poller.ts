import type { Clock } from '../../base/clock.ts';
import { Aborter, type Signal } from '../../base/signal.ts';
import type { Answer, Listener, Polled, Priority, Settled, Watch } from '../caller.ts';
import type { Endpoint } from '../endpoint.ts';
import type { UpstreamFailure } from '../failures.ts';
import { sameAnswer } from './same-answer.ts';

export interface PollerOptions {
  readonly endpoint: Endpoint;
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly ask: (priority: Priority, signal: Signal) => Promise<Settled>;
  /** A poll found no room. */
  readonly onSkip: () => void;
  /** The poller asks no more: its last viewer has left, or its last answer was final. */
  readonly onEnd: () => void;
}

export interface Poller {
  /** Whether the upstream fails to answer it. */
  readonly isFailing: boolean;
  watch(listener: Listener): Watch;
}

/** Up to a tenth more or less, so that pollers which began together do not stay together. */
const jitter = 0.1;
const maxBackoffMs = 10_000;

/** Asks one question again and again, for all who watch, from an interval after its last answer on. */
export function createPoller(options: PollerOptions): Poller {
  const { endpoint, intervalMs, clock, random, ask, onSkip, onEnd } = options;
  const listeners = new Set<Listener>();
  const ended = new Aborter();
  let latest: Polled | undefined;
  let answeredAt = 0;
  let failures = 0;
  // Whether the last record that came was over: one more is asked for, since late corrections happen.
  let isLast = false;
  // Those who wait for the answer to the question under way, or to the next.
  let waiting: Listener[] = [];
  let isAsking = false;
  let cancelNext: (() => void) | undefined;

  const end = () => {
    cancelNext?.();
    ended.abort();
    onEnd();
  };

  const askAfter = (delayMs: number) => {
    cancelNext = clock.after(delayMs * (1 - jitter + 2 * jitter * random()), () => begin('poll'));
  };

  const begin = (priority: Priority) => {
    cancelNext?.();
    cancelNext = undefined;
    isAsking = true;
    void ask(priority, ended).then(take, () => take(unusable));
  };

  const take = ({ outcome }: Pick<Settled, 'outcome'>) => {
    isAsking = false;
    if (ended.aborted) return;
    if (outcome.kind === 'unavailable' && outcome.reason === 'no-room') {
      onSkip();
      // A poll gives way to queries; the viewers that wait for an answer have asked one.
      return waiting.length > 0 ? begin('query') : askAfter(intervalMs);
    }
    const changed = !latest || !sameAnswer(latest.outcome, outcome, endpoint);
    const isOver =
      outcome.kind === 'answer' && outcome.record !== null && endpoint.isOver?.(outcome.record) === true;
    const final = isRefusal(outcome) || (isLast && isOver);
    if (outcome.kind === 'answer') isLast = isOver;
    latest = { outcome, changed, final };
    answeredAt = clock.now();
    failures = isFailure(outcome) ? failures + 1 : 0;
    if (!final) askAfter(failures === 0 ? intervalMs : backoffMs(failures, intervalMs));
    const told = [...listeners, ...waiting];
    waiting = [];
    for (const tell of told) tell(latest);
    if (final && !ended.aborted) end();
  };

  return {
    get isFailing() {
      return failures > 0;
    },
    watch(listener) {
      const own: Listener = (polled) => listener(polled);
      listeners.add(own);
      if (!latest && !isAsking) begin('query');
      return {
        get latest() {
          return latest;
        },
        current: async () => {
          const isFresh = latest?.final || failures > 0 || clock.now() - answeredAt < intervalMs;
          if (latest && isFresh) return latest;
          if (!isAsking) begin('query');
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

/** By its contract a call never rejects. Where it does, by a defect of ours, one record must not end the process and all its streams. */
const unusable: Pick<Settled, 'outcome'> = {
  outcome: { kind: 'invalid-response', reason: 'not-envelope' },
};

/** No later answer is expected to be another. */
const isRefusal = ({ kind }: Answer | UpstreamFailure): boolean =>
  kind === 'unauthenticated' || kind === 'forbidden' || kind === 'not-found';

/** The upstream is ill, so that it is asked less often. */
const isFailure = ({ kind }: Answer | UpstreamFailure): boolean =>
  kind === 'unavailable' || kind === 'timeout' || kind === 'invalid-response';

const backoffMs = (failures: number, intervalMs: number): number =>
  Math.min(intervalMs * 2 ** Math.min(failures, 20), Math.max(intervalMs, maxBackoffMs));
