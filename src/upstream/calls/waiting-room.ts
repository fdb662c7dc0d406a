import { CallerQueue, type Waiting } from './caller-queue.ts';
import type { KnownCaller } from './callers.ts';

/** A call that waits for a turn. */
export interface Waiter<Call, Result> {
  readonly caller: KnownCaller;
  readonly call: Call;
  /** Whether its caller was accepted when it came. */
  readonly cameAccepted: boolean;
  /** Its place; undefined before it has one. */
  waiting: Waiting<KnownCaller, Waiter<Call, Result>> | undefined;
  /** It waits no more. */
  tell(result: Result): void;
}

/** After so many turns of accepted callers in a row, the next one is an unknown caller's. */
const acceptedInRow = 3;

/**
 * Where calls wait: those of accepted callers, and behind them those of unknown ones. The unknown ones keep a quarter of the turns and of
 * the places, so that a new caller gets its first answer however many others ask.
 */
export class WaitingRoom<Call, Result> {
  readonly #accepted = new CallerQueue<KnownCaller, Waiter<Call, Result>>();
  readonly #unknown = new CallerQueue<KnownCaller, Waiter<Call, Result>>();
  readonly #places: number;
  readonly #unknownPlaces: number;
  #acceptedInRow = 0;

  constructor(places: number) {
    this.#places = places;
    this.#unknownPlaces = Math.floor(places / 4);
  }

  get waiting(): number {
    return this.#accepted.waiting + this.#unknown.waiting;
  }

  /** The callers that wait and have no turn at all: accepted ones, then unknown ones. */
  waitsWithout(): readonly KnownCaller[] {
    return [...this.#accepted.ready(), ...this.#unknown.ready()].filter(({ held }) => held === 0);
  }

  /** @param isHeld whether the caller has all the turns that it may have. */
  add(waiter: Waiter<Call, Result>, isHeld: boolean): void {
    const { caller } = waiter;
    if (caller.waiting === 0) caller.waitsAsAccepted = caller.isAccepted;
    caller.waiting += 1;
    waiter.waiting = this.#queueOf(caller).add(caller, waiter, isHeld);
  }

  remove(waiter: Waiter<Call, Result>): void {
    if (!waiter.waiting) return;
    this.#queueOf(waiter.caller).remove(waiter.waiting);
    waiter.waiting = undefined;
    waiter.caller.waiting -= 1;
  }

  /**
   * Takes out the call that is served next.
   *
   * @param mayUnknown whether unknown callers have fewer turns than they keep.
   */
  next(mayUnknown: boolean): Waiter<Call, Result> | undefined {
    const isUnknowns =
      !this.#accepted.isReady ||
      (mayUnknown && this.#unknown.isReady && this.#acceptedInRow >= acceptedInRow);
    this.#acceptedInRow = isUnknowns ? 0 : this.#acceptedInRow + 1;
    return this.#take((isUnknowns ? this.#unknown : this.#accepted).next);
  }

  /** Takes out the oldest call of the caller. */
  nextOf(caller: KnownCaller): Waiter<Call, Result> | undefined {
    return this.#take(this.#queueOf(caller).oldestOf(caller));
  }

  /** The caller has all the turns that it may have: its calls are not served until it is released. */
  hold(caller: KnownCaller): void {
    this.#queueOf(caller).hold(caller);
  }

  release(caller: KnownCaller): void {
    this.#queueOf(caller).release(caller);
  }

  /** The caller has become an accepted one, or is no longer one: its calls wait where they belong now. */
  move(caller: KnownCaller, isHeld: boolean): void {
    if (caller.waiting === 0 || caller.waitsAsAccepted === caller.isAccepted) return;
    const waiters = this.#queueOf(caller).callsOf(caller);
    for (const waiter of waiters) this.remove(waiter);
    for (const waiter of waiters) this.add(waiter, isHeld);
  }

  /** The caller's calls that came while it was unknown. */
  cameUnknown(caller: KnownCaller): readonly Waiter<Call, Result>[] {
    return this.#queueOf(caller)
      .callsOf(caller)
      .filter(({ cameAccepted }) => !cameAccepted);
  }

  /** Whether there is a place for one more call of the caller: a free one, or that of a call that deserves it less. */
  hasPlace(caller: KnownCaller): boolean {
    return this.waiting < this.#places || this.#leastDeserving(caller) !== undefined;
  }

  /** Takes out the call that has to go so that one of the caller gets its place, where no place is free. */
  makePlace(caller: KnownCaller): Waiter<Call, Result> | undefined {
    return this.waiting < this.#places ? undefined : this.#take(this.#leastDeserving(caller));
  }

  /** Whether more than so many calls are served before the next one that the caller would add, if so many others run at once. */
  isBehindMoreThan(caller: KnownCaller, calls: number): boolean {
    if (caller.isAccepted) return this.#accepted.isBehindMoreThan(caller, calls);
    // It is served behind the accepted ones, or in the quarter that is kept, whichever is sooner.
    const most = Math.max(calls - this.#accepted.waiting, calls / 4);
    return this.#unknown.isBehindMoreThan(caller, most);
  }

  #leastDeserving(caller: KnownCaller): Waiter<Call, Result> | undefined {
    const { isAccepted } = caller;
    if (isAccepted && this.#unknown.waiting > this.#unknownPlaces) return this.#unknown.leastDeserving;
    if (!isAccepted && this.#unknown.waiting < this.#unknownPlaces) return this.#accepted.leastDeserving;
    const own = isAccepted ? this.#accepted : this.#unknown;
    // With this call in it, its own line would be as long as the longest: to cut another's then would be no fairer.
    return own.lengthOf(caller) + 1 < own.longest ? own.leastDeserving : undefined;
  }

  #take(waiter: Waiter<Call, Result> | undefined): Waiter<Call, Result> | undefined {
    if (!waiter) return undefined;
    const { caller } = waiter;
    const queue = this.#queueOf(caller);
    this.remove(waiter);
    queue.toEnd(caller);
    return waiter;
  }

  #queueOf({ waiting, waitsAsAccepted, isAccepted }: KnownCaller) {
    return (waiting > 0 ? waitsAsAccepted : isAccepted) ? this.#accepted : this.#unknown;
  }
}
