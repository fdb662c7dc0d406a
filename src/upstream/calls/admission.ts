import type { Clock } from '../../base/clock.ts';
import type { AbortListener, Signal } from '../../base/signal.ts';
import type { Answer } from '../answer/answer.ts';
import type { Priority } from '../caller.ts';
import type { UnavailableReason, UpstreamFailure } from '../failures.ts';
import type { Callers, KnownCaller } from './callers.ts';
import { findHanging } from './hanging.ts';
import { createHoldBack } from './hold-back.ts';
import { LinkedList, type Place } from './linked-list.ts';
import { createPace } from './pace.ts';
import { type Waiter, WaitingRoom } from './waiting-room.ts';

/** The right to make one call ("turn"). Give it back exactly once, with `leave`. */
export interface Turn {
  readonly kind: 'turn';
  readonly caller: KnownCaller;
  readonly call: Admissible;
  readonly begunAt: number;
  readonly isPoll: boolean;
  /** Whether the caller was not accepted when the turn began. */
  readonly isUnknown: boolean;
  /** Its place among all turns; undefined when it is over. */
  place: Place<Turn> | undefined;
}

export type Admitted =
  | Turn
  | { readonly kind: 'refused'; readonly reason: UnavailableReason }
  /** The upstream refused the caller's token while the call waited: its answer. */
  | TokenRefused
  | { readonly kind: 'left' };

/** A call that asks for a turn. */
export interface Admissible {
  /** In the clock's milliseconds. */
  readonly deadline: number;
  /** Aborted when no request waits for the call any more or its deadline has passed: the call then leaves the queue. */
  readonly signal: Signal;
  /** Ends the call in flight: another caller needs its turn. */
  end(): void;
}

type TokenRefused = Extract<UpstreamFailure, { kind: 'unauthenticated' }>;

export interface Admission {
  readonly inFlight: number;
  readonly waiting: number;
  /**
   * Waits for a turn. Round-robin over the callers, accepted ones first. Refuses at once if the deadline would pass in the queue.
   *
   * @param priority a poll is never queued: it takes at most half of the turns, and none while a query waits. Otherwise it is
   * refused at once, as `no-room`.
   */
  enter(caller: KnownCaller, call: Admissible, priority: Priority): Promise<Admitted> | Admitted;
  /**
   * Gives the turn back.
   *
   * @param outcome whether the upstream accepted the caller's token; undefined without an answer.
   */
  leave(turn: Turn, outcome: Answer | UpstreamFailure | undefined): void;
}

export interface AdmissionOptions {
  readonly concurrency: number;
  readonly queue: number;
  readonly timeoutMs: number;
}

/** Maximum turns of a caller that the upstream has not accepted yet. */
const maxUnknownHeld = 8;
/** Interval of the check for calls that hang while another caller waits. */
const lookMs = 50;

/** A bulkhead: limits calls in flight and in the queue, and no caller can starve another. */
export function createAdmission(options: AdmissionOptions, clock: Clock, callers: Callers): Admission {
  const { concurrency } = options;
  const quarter = Math.max(1, Math.floor(concurrency / 4));
  const maxPolls = Math.max(1, Math.floor(concurrency / 2));
  const holdBack = createHoldBack(options.timeoutMs, clock);
  const pace = createPace(concurrency);
  const room = new WaitingRoom<Admissible, Admitted>(options.queue);
  // In the order of their start. No Set: it would keep finished calls in memory (docs/decisions/0012).
  const turns = new LinkedList<Turn>();
  let polls = 0;
  let unknownTurns = 0;
  let cancelLook: (() => void) | undefined;

  const hasAll = (caller: KnownCaller) =>
    (!caller.isAccepted && caller.held >= maxUnknownHeld) || caller.held >= holdBack.limitOf(caller);

  const begin = (caller: KnownCaller, call: Admissible, isPoll: boolean): Turn => {
    const isUnknown = !caller.isAccepted;
    const begunAt = clock.now();
    const turn: Turn = { kind: 'turn', caller, call, begunAt, isPoll, isUnknown, place: undefined };
    callers.keep(caller);
    turn.place = turns.push(turn);
    caller.held += 1;
    if (isPoll) polls += 1;
    if (isUnknown) unknownTurns += 1;
    holdOrRelease(caller);
    return turn;
  };

  const finish = (turn: Turn) => {
    const { caller, place } = turn;
    if (!place) return;
    turn.place = undefined;
    turns.remove(place);
    caller.held -= 1;
    if (turn.isPoll) polls -= 1;
    if (turn.isUnknown) unknownTurns -= 1;
    holdOrRelease(caller);
    dropIdle(caller);
  };

  const holdOrRelease = (caller: KnownCaller) => {
    if (caller.waiting === 0) return;
    if (hasAll(caller)) room.hold(caller);
    else room.release(caller);
  };

  const dropIdle = (caller: KnownCaller) => {
    if (caller.held === 0 && caller.waiting === 0) callers.drop(caller);
  };

  const serve = () => {
    while (turns.size < concurrency) {
      const waiter = room.next(unknownTurns < quarter);
      if (!waiter) break;
      waiter.tell(begin(waiter.caller, waiter.call, false));
    }
    if (room.waiting === 0) lookNoMore();
  };

  /** Ends a hanging call to give its turn to the caller, which has none. */
  const makeTurn = (caller: KnownCaller): boolean => {
    if (caller.held > 0) return false;
    const turn = findHanging(turns, caller, clock.now(), { unknownTurns, quarter });
    if (!turn) return false;
    holdBack.halve(turn.caller);
    turn.call.end();
    finish(turn);
    return true;
  };

  const look = () => {
    cancelLook = clock.after(lookMs, look);
    for (const caller of room.waitsWithout()) {
      // If no call can be ended for this caller, none can for those behind it.
      if (!makeTurn(caller)) break;
      const waiter = room.nextOf(caller);
      waiter?.tell(begin(caller, waiter.call, false));
    }
    serve();
  };

  const lookNoMore = () => {
    cancelLook?.();
    cancelLook = undefined;
  };

  const isHopeless = (caller: KnownCaller, deadline: number) => {
    const callsInTime =
      pace.averageMs === 0 ? Infinity : ((deadline - clock.now()) * concurrency) / pace.averageMs;
    return room.isBehindMoreThan(caller, callsInTime - 1);
  };

  const wait = (caller: KnownCaller, call: Admissible): Promise<Admitted> =>
    new Promise((resolve) => {
      const leave: AbortListener = {
        handleEvent() {
          room.remove(waiter);
          dropIdle(caller);
          if (room.waiting === 0) lookNoMore();
          resolve({ kind: 'left' });
        },
      };
      const waiter: Waiter<Admissible, Admitted> = {
        caller,
        call,
        cameAccepted: caller.isAccepted,
        waiting: undefined,
        tell(admitted) {
          call.signal.removeEventListener('abort', leave);
          resolve(admitted);
        },
      };
      call.signal.addEventListener('abort', leave, { once: true });
      callers.keep(caller);
      room.add(waiter, hasAll(caller));
      cancelLook ??= clock.after(lookMs, look);
    });

  /** After an answer: an accepted token moves the caller's waiting calls to the first queue, a refused one ends them. */
  const learn = (caller: KnownCaller, outcome: Answer | UpstreamFailure | undefined) => {
    if (outcome?.kind === 'answer') callers.accept(caller);
    else if (outcome?.kind === 'unauthenticated') {
      if (caller.isAccepted) callers.refuse(caller);
      else endWaiting(caller, outcome);
    }
    room.move(caller, hasAll(caller));
  };

  const endWaiting = (caller: KnownCaller, refused: TokenRefused) => {
    for (const waiter of room.cameUnknown(caller)) {
      room.remove(waiter);
      waiter.tell(refused);
    }
  };

  return {
    get inFlight() {
      return turns.size;
    },
    get waiting() {
      return room.waiting;
    },
    enter(caller, call, priority) {
      holdBack.hear(caller);
      const isPoll = priority === 'poll';
      if (isPoll && polls >= maxPolls) return { kind: 'refused', reason: 'no-room' };
      if (!hasAll(caller) && (turns.size < concurrency || (!isPoll && makeTurn(caller))))
        return begin(caller, call, isPoll);
      if (isPoll) return { kind: 'refused', reason: 'no-room' };
      if (!room.hasPlace(caller)) return { kind: 'refused', reason: 'queue-full' };
      if (isHopeless(caller, call.deadline)) return { kind: 'refused', reason: 'no-chance' };
      const cut = room.makePlace(caller);
      if (cut) dropIdle(cut.caller);
      cut?.tell({ kind: 'refused', reason: 'queue-cut' });
      return wait(caller, call);
    },
    leave(turn, outcome) {
      if (!turn.place) return;
      const { caller } = turn;
      const tookMs = clock.now() - turn.begunAt;
      if (!outcome || !('answered' in outcome)) holdBack.unanswered(caller, tookMs);
      // Hanging calls do not count for the average: it decides which calls are refused.
      if (holdBack.limitOf(caller) === Infinity) pace.add(tookMs);
      learn(caller, outcome);
      finish(turn);
      serve();
    },
  };
}
