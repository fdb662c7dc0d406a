import type { Clock } from '../../base/clock.ts';
import type { AbortListener, Signal } from '../../base/signal.ts';
import type { Answer, Priority } from '../caller.ts';
import type { UnavailableReason, UpstreamFailure } from '../failures.ts';
import type { Callers, KnownCaller } from './callers.ts';
import { createHoldBack, hangMs } from './hold-back.ts';
import { createPace } from './pace.ts';
import { type Waiter, WaitingRoom } from './waiting-room.ts';

/** A turn to call. It must be given back once, by `leave`. */
export interface Turn {
  readonly kind: 'turn';
  readonly caller: KnownCaller;
  readonly call: Admissible;
  readonly begunAt: number;
  readonly isPoll: boolean;
  /** Whether the caller was not accepted when the turn began. */
  readonly isUnknown: boolean;
  isOver: boolean;
}

export type Admitted =
  | Turn
  | { readonly kind: 'refused'; readonly reason: UnavailableReason }
  /** While it waited, the upstream has refused the caller's token: what it answered then. */
  | TokenRefused
  | { readonly kind: 'left' };

/** What a call that asks for a turn tells of itself. */
export interface Admissible {
  /** In the clock's milliseconds. */
  readonly deadline: number;
  /** Aborted when nobody waits for the call any more, or its deadline has passed: it then gives up its place. */
  readonly signal: Signal;
  /** Ends the call under way: another caller needs its turn. */
  end(): void;
}

type TokenRefused = Extract<UpstreamFailure, { kind: 'unauthenticated' }>;

export interface Admission {
  readonly inFlight: number;
  readonly waiting: number;
  /**
   * Waits for a turn. Callers are served in turn, accepted ones before others. Refuses at once where waiting is hopeless.
   *
   * @param priority a poll is never queued: it takes at most half of the turns, and none while a query waits. Otherwise it is
   * refused at once, as `no-room`.
   */
  enter(caller: KnownCaller, call: Admissible, priority: Priority): Promise<Admitted> | Admitted;
  /**
   * Gives the turn back.
   *
   * @param outcome says what the upstream thinks of the caller's token; undefined where there was none.
   */
  leave(turn: Turn, outcome: Answer | UpstreamFailure | undefined): void;
}

export interface AdmissionOptions {
  readonly concurrency: number;
  readonly queue: number;
  readonly timeoutMs: number;
}

/** Turns of a caller that the upstream has not accepted yet. */
const maxUnknownHeld = 8;
/** How often it is looked whether a call hangs for which another one waits. */
const lookMs = 50;

/** A bulkhead: so many calls at once, so many waiting, and no caller in the way of another. */
export function createAdmission(options: AdmissionOptions, clock: Clock, callers: Callers): Admission {
  const { concurrency } = options;
  const quarter = Math.max(1, Math.floor(concurrency / 4));
  const maxPolls = Math.max(1, Math.floor(concurrency / 2));
  const holdBack = createHoldBack(options.timeoutMs, clock);
  const pace = createPace(concurrency);
  const room = new WaitingRoom<Admissible, Admitted>(options.queue);
  // In the order in which they began.
  const turns = new Set<Turn>();
  let polls = 0;
  let unknownTurns = 0;
  let cancelLook: (() => void) | undefined;

  const hasAll = (caller: KnownCaller) =>
    (!caller.isAccepted && caller.held >= maxUnknownHeld) || caller.held >= holdBack.limitOf(caller);

  const begin = (caller: KnownCaller, call: Admissible, isPoll: boolean): Turn => {
    const isUnknown = !caller.isAccepted;
    const turn: Turn = { kind: 'turn', caller, call, begunAt: clock.now(), isPoll, isUnknown, isOver: false };
    callers.keep(caller);
    turns.add(turn);
    caller.held += 1;
    if (isPoll) polls += 1;
    if (isUnknown) unknownTurns += 1;
    holdOrRelease(caller);
    return turn;
  };

  const finish = (turn: Turn) => {
    const { caller } = turn;
    turn.isOver = true;
    turns.delete(turn);
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

  /** Ends a call that hangs so that the caller, which has no turn at all, gets one. */
  const makeTurn = (caller: KnownCaller): boolean => {
    const turn = caller.held === 0 ? hangingFor(caller) : undefined;
    if (!turn) return false;
    holdBack.halve(turn.caller);
    turn.call.end();
    finish(turn);
    return true;
  };

  const hangingFor = (caller: KnownCaller): Turn | undefined => {
    const now = clock.now();
    let found: Turn | undefined;
    for (const turn of turns) {
      if (now - turn.begunAt <= hangMs) break;
      if (mayTake(caller, turn) && !(found && found.caller.held >= turn.caller.held)) found = turn;
    }
    return found;
  };

  const mayTake = (caller: KnownCaller, { caller: other, isUnknown }: Turn): boolean => {
    if (caller.isAccepted && isUnknown && unknownTurns > quarter) return true;
    // Or made-up tokens could end what accepted callers do.
    return other.held > 1 && (caller.isAccepted || isUnknown || unknownTurns < quarter);
  };

  const look = () => {
    cancelLook = clock.after(lookMs, look);
    for (const caller of room.waitsWithout()) {
      // None hangs for this one, so none does for those behind it.
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

  /** What the upstream thinks of the caller's token decides where its other calls wait, and whether they do. */
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
      if (turn.isOver) return;
      const { caller } = turn;
      const tookMs = clock.now() - turn.begunAt;
      if (!outcome || !('answered' in outcome)) holdBack.unanswered(caller, tookMs);
      // What hangs is no pace: others are not to be refused for it.
      if (holdBack.limitOf(caller) === Infinity) pace.add(tookMs);
      learn(caller, outcome);
      finish(turn);
      serve();
    },
  };
}
