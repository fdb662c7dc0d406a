import type { Clock } from '../../base/clock.ts';
import type { Caller, Polled } from '../../upstream/caller.ts';
import { clientError } from '../errors.ts';
import type { LiveRequest } from './sink.ts';
import { type Executed, refusedEvent } from './execute-event.ts';
import type { Selected } from './self-moving.ts';
import { createWatches } from './watches.ts';

/** Why a subscription is over, as its answers show. */
export type Verdict = 'finished' | 'credential' | 'refused';

/** One viewer of a cohort. */
export interface Member {
  next(executed: Executed): void;
  over(verdict: Verdict): void;
}

/** A group of equal viewers: the same caller, document, operation and variables. All of them get the same events. */
export interface Cohort {
  /**
   * Whether the upstream has refused one of several answers for good. That answer is not polled any more, so a new viewer must not join:
   * it would get the old refusal.
   */
  readonly hasRefusal: boolean;
  /** Sends the current state to the member, and then each change. Returns a function that lets it leave. */
  join(member: Member): () => void;
}

export interface CohortOptions {
  readonly clock: Clock;
  readonly selected: Selected;
  /** Executes the subscription with that caller. Never rejects. */
  readonly execute: (caller: Pick<Caller, 'call'>) => Promise<Executed>;
  readonly onEvent: (viewers: number) => void;
  /** Called when the last member has left, or the subscription is over. */
  readonly onEnd: () => void;
}

/** Changes in a list that come within this time are one event. */
const windowMs = 250;

export function createCohort(request: LiveRequest, options: CohortOptions): Cohort {
  const { clock, selected, execute, onEvent, onEnd } = options;
  // Each with the key of its last event; undefined before its first.
  const members = new Map<Member, string | undefined>();
  // Members that wait for the current state.
  let arrived: Member[] = [];
  let state: Executed | undefined;
  let executions = 0;
  let hasChanged = false;
  let isRunning = false;
  let hasEnded = false;
  let closeWindow: (() => void) | undefined;

  const onChange = () => {
    closeWindow = undefined;
    hasChanged = true;
    void run();
  };

  const watches = createWatches(request.caller, request.requestId, ({ changed, final }: Polled) => {
    if (!changed && !final && !selected.onlyMoves) return;
    if (!selected.isList) onChange();
    else closeWindow ??= clock.after(windowMs, onChange);
  });

  const end = () => {
    if (hasEnded) return;
    hasEnded = true;
    hasChanged = false;
    arrived = [];
    closeWindow?.();
    watches.leave();
    onEnd();
  };

  const bringUpToDate = async () => {
    if (state && watches.isCurrent()) return state;
    watches.begin();
    const executed = await execute(watches.caller);
    if (watches.limitReached) state = refusedEvent(tooManyWatched());
    // If the selection has only self-moving fields, each answer is an event.
    else state = selected.onlyMoves ? { ...executed, key: String((executions += 1)) } : executed;
    return state;
  };

  const send = (receivers: readonly Member[], executed: Executed) => {
    const { key } = executed;
    const due = receivers.filter((member) => members.has(member) && members.get(member) !== key);
    if (due.length > 0) onEvent(due.length);
    for (const member of due) {
      // The member before may have ended the cohort.
      if (!members.has(member)) continue;
      members.set(member, key);
      member.next(executed);
    }
  };

  const run = async () => {
    // Before the first member has arrived there is no state to send.
    if (isRunning || (!state && arrived.length === 0)) return;
    isRunning = true;
    while (hasChanged || arrived.length > 0) {
      const sendsToAll = hasChanged;
      const arriving = arrived;
      hasChanged = false;
      arrived = [];
      const current = await bringUpToDate();
      const verdict = verdictOf(current);
      if (verdict) send([...members.keys()], current);
      else send(sendsToAll ? [...arriving, ...members.keys().filter(hasState)] : arriving, current);
      if (verdict) finish(verdict);
    }
    isRunning = false;
  };

  const hasState = (member: Member) => members.get(member) !== undefined;

  const verdictOf = ({ refusal, event }: Executed): Verdict | undefined => {
    if (refusal) return 'refused';
    // By the answers of the last execution: newer ones have not been sent yet.
    const seen = watches.seen();
    if (seen.some((polled) => polled?.outcome.kind === 'unauthenticated')) return 'credential';
    if (!seen.every((polled) => polled?.final)) return undefined;
    if (selected.isList) return 'finished';
    const fails =
      seen.length === 0 ? event.codes.length > 0 : seen.some((polled) => polled?.outcome.kind !== 'answer');
    return fails ? 'refused' : 'finished';
  };

  const finish = (verdict: Verdict) => {
    const remaining = [...members.keys()];
    members.clear();
    end();
    for (const member of remaining) member.over(verdict);
  };

  // The first execution finds out what to watch. Members that join meanwhile wait for it.
  let first: Promise<unknown> | undefined;

  return {
    get hasRefusal() {
      return watches.seen().some((polled) => polled?.final && polled.outcome.kind !== 'answer');
    },
    join(member) {
      members.set(member, undefined);
      first ??= bringUpToDate();
      void first
        .then(() => watches.fresh())
        .then(() => {
          if (!members.has(member)) return;
          arrived.push(member);
          return run();
        });
      return () => {
        if (members.delete(member) && members.size === 0) end();
      };
    },
  };
}

const tooManyWatched = () =>
  clientError('TOO_MANY_WATCHED', 'Too many conferences are watched at the moment: subscribe again later.');
