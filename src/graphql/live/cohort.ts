import type { Clock } from '../../base/clock.ts';
import type { Caller, Polled } from '../../upstream/caller.ts';
import { clientError } from '../errors.ts';
import type { LiveRequest } from './sink.ts';
import { type Executed, refusedEvent } from './execute-event.ts';
import type { Selected } from './still-shape.ts';
import { createWatches } from './watches.ts';

/** Why a subscription is over, by what its answers say. */
export type Verdict = 'finished' | 'credential' | 'refused';

/** One of the equal viewers. */
export interface Member {
  next(executed: Executed): void;
  over(verdict: Verdict): void;
}

/** Equal viewers: of one caller, with one document, operation and variables. What one is told, all are. */
export interface Cohort {
  /** Whether an answer of several was refused for good: it is asked no more, so who comes now would be told an old refusal. */
  readonly hasRefusal: boolean;
  /** The member gets the state as it is, and then the changes. Returns how it leaves. */
  join(member: Member): () => void;
}

export interface CohortOptions {
  readonly clock: Clock;
  readonly selected: Selected;
  /** Executes the subscription in the name of that caller. Never rejects. */
  readonly execute: (caller: Pick<Caller, 'call'>) => Promise<Executed>;
  readonly onEvent: (viewers: number) => void;
  /** No member is left, or it is over. */
  readonly onEnd: () => void;
}

/** Changes on a list that come so close together are one event. */
const windowMs = 250;

export function createCohort(request: LiveRequest, options: CohortOptions): Cohort {
  const { clock, selected, execute, onEvent, onEnd } = options;
  // Each with the key of what it was told last; undefined until it was told something.
  const members = new Map<Member, string | undefined>();
  // Members that are to be told the state as it is.
  let arrived: Member[] = [];
  let state: Executed | undefined;
  let executions = 0;
  let isDue = false;
  let isRunning = false;
  let hasEnded = false;
  let closeWindow: (() => void) | undefined;

  const beDue = () => {
    closeWindow = undefined;
    isDue = true;
    void run();
  };

  const watches = createWatches(request.caller, request.requestId, ({ changed, final }: Polled) => {
    if (!changed && !final && !selected.onlyMoves) return;
    if (!selected.isList) beDue();
    else closeWindow ??= clock.after(windowMs, beDue);
  });

  const end = () => {
    if (hasEnded) return;
    hasEnded = true;
    isDue = false;
    arrived = [];
    closeWindow?.();
    watches.leave();
    onEnd();
  };

  const bringUpToDate = async () => {
    if (state && watches.isCurrent()) return state;
    watches.begin();
    const executed = await execute(watches.caller);
    if (watches.isOverfull) state = refusedEvent(tooManyWatched());
    // Where nothing but what moves is selected, each answer is news.
    else state = selected.onlyMoves ? { ...executed, key: String((executions += 1)) } : executed;
    return state;
  };

  const tell = (told: readonly Member[], executed: Executed) => {
    const { key } = executed;
    const due = told.filter((member) => members.has(member) && members.get(member) !== key);
    if (due.length > 0) onEvent(due.length);
    for (const member of due) {
      // An earlier one may have ended the cohort.
      if (!members.has(member)) continue;
      members.set(member, key);
      member.next(executed);
    }
  };

  const run = async () => {
    // Until somebody has arrived nothing is known of what is watched.
    if (isRunning || (!state && arrived.length === 0)) return;
    isRunning = true;
    while (isDue || arrived.length > 0) {
      const wasDue = isDue;
      const arriving = arrived;
      isDue = false;
      arrived = [];
      const current = await bringUpToDate();
      const verdict = verdictOf(current);
      if (verdict) tell([...members.keys()], current);
      else tell(wasDue ? [...arriving, ...members.keys().filter(isTold)] : arriving, current);
      if (verdict) conclude(verdict);
    }
    isRunning = false;
  };

  const isTold = (member: Member) => members.get(member) !== undefined;

  const verdictOf = ({ refusal, event }: Executed): Verdict | undefined => {
    if (refusal) return 'refused';
    // Not by the newest answers: the last of them may not have been told.
    const seen = watches.seen();
    if (seen.some((polled) => polled?.outcome.kind === 'unauthenticated')) return 'credential';
    if (!seen.every((polled) => polled?.final)) return undefined;
    if (selected.isList) return 'finished';
    const fails =
      seen.length === 0 ? event.codes.length > 0 : seen.some((polled) => polled?.outcome.kind !== 'answer');
    return fails ? 'refused' : 'finished';
  };

  const conclude = (verdict: Verdict) => {
    const told = [...members.keys()];
    members.clear();
    end();
    for (const member of told) member.over(verdict);
  };

  // The first execution finds out what is watched; those who come meanwhile wait for it.
  let begun: Promise<unknown> | undefined;

  return {
    get hasRefusal() {
      return watches.seen().some((polled) => polled?.final && polled.outcome.kind !== 'answer');
    },
    join(member) {
      members.set(member, undefined);
      begun ??= bringUpToDate();
      void begun
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
  clientError(
    'TOO_MANY_WATCHED',
    'As many conferences are watched as may be at once: subscribe again later.',
  );
