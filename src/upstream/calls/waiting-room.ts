import { CallerQueue, type Waiting } from './caller-queue.ts';
import type { KnownCaller } from './callers.ts';

/** A call in the queue. */
export interface Waiter<Call, Result> {
  readonly caller: KnownCaller;
  readonly call: Call;
  /** Whether its caller was accepted when it came. */
  readonly cameAccepted: boolean;
  /** Its place in the queue; undefined before it has one. */
  waiting: Waiting<KnownCaller, Waiter<Call, Result>> | undefined;
  /** Ends the waiting with this result. */
  tell(result: Result): void;
}

/** After this number of calls of accepted callers in a row, the next call is one of an unknown caller. */
const acceptedInRow = 3;

/**
 * Two queues: accepted callers, and behind them unknown ones. A quarter of the calls and of the places is reserved for unknown callers,
 * so that a new caller gets its first answer even in overload.
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

  /** The callers that wait and have no call in flight: accepted ones, then unknown ones. */
  waitsWithout(): readonly KnownCaller[] {
    return [...this.#accepted.ready(), ...this.#unknown.ready()].filter(({ held }) => held === 0);
  }

  /** @param isHeld whether the caller has as many calls in flight as it may have. */
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
   * Removes and returns the next call.
   *
   * @param mayUnknown whether unknown callers have fewer calls in flight than are reserved for them.
   */
  next(mayUnknown: boolean): Waiter<Call, Result> | undefined {
    const isUnknowns =
      !this.#accepted.isReady ||
      (mayUnknown && this.#unknown.isReady && this.#acceptedInRow >= acceptedInRow);
    this.#acceptedInRow = isUnknowns ? 0 : this.#acceptedInRow + 1;
    return this.#take((isUnknowns ? this.#unknown : this.#accepted).next);
  }

  /** Removes and returns the oldest call of the caller. */
  nextOf(caller: KnownCaller): Waiter<Call, Result> | undefined {
    return this.#take(this.#queueOf(caller).oldestOf(caller));
  }

  /** Skips the caller's calls until it is released: it has as many in flight as it may have. */
  hold(caller: KnownCaller): void {
    this.#queueOf(caller).hold(caller);
  }

  release(caller: KnownCaller): void {
    this.#queueOf(caller).release(caller);
  }

  /** Moves the caller's calls to the other queue, because it has become accepted or unknown. */
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

  /** Whether one more call of the caller can wait: a place is free, or another call can be evicted for it. */
  hasPlace(caller: KnownCaller): boolean {
    return this.waiting < this.#places || this.#leastDeserving(caller) !== undefined;
  }

  /** Removes and returns the call to evict for one of the caller, if no place is free. */
  makePlace(caller: KnownCaller): Waiter<Call, Result> | undefined {
    return this.waiting < this.#places ? undefined : this.#take(this.#leastDeserving(caller));
  }

  /** Whether more than this number of calls would be served before one more call of the caller. */
  isBehindMoreThan(caller: KnownCaller, calls: number): boolean {
    if (caller.isAccepted) return this.#accepted.isBehindMoreThan(caller, calls);
    // It is served after the accepted ones or in the reserved quarter, whichever is sooner.
    const most = Math.max(calls - this.#accepted.waiting, calls / 4);
    return this.#unknown.isBehindMoreThan(caller, most);
  }

  #leastDeserving(caller: KnownCaller): Waiter<Call, Result> | undefined {
    const { isAccepted } = caller;
    if (isAccepted && this.#unknown.waiting > this.#unknownPlaces) return this.#unknown.leastDeserving;
    if (!isAccepted && this.#unknown.waiting < this.#unknownPlaces) return this.#accepted.leastDeserving;
    const own = isAccepted ? this.#accepted : this.#unknown;
    // With this call, its own line would be as long as the longest: evicting from another line would not be fairer.
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
