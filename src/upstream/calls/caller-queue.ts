import { LinkedList, type Place } from './linked-list.ts';

/** The waiting calls of one caller, oldest first. */
interface Line<Caller, Call> {
  readonly caller: Caller;
  readonly calls: LinkedList<Call>;
  length: number;
  /** Its place in the round-robin order; undefined while this line is held. */
  turn: Place<Line<Caller, Call>> | undefined;
  /** Its place among the lines of the same length; undefined if it has no calls yet. */
  peers: Place<Line<Caller, Call>> | undefined;
}

/** A call's place in the queue. */
export interface Waiting<Caller, Call> {
  readonly line: Line<Caller, Call>;
  readonly place: Place<Call>;
}

/**
 * A fair queue: round-robin over the callers, one call of each per round. Every operation takes constant time, because in overload each
 * request makes some of them.
 */
export class CallerQueue<Caller, Call> {
  readonly #lines = new Map<Caller, Line<Caller, Call>>();
  readonly #turns = new LinkedList<Line<Caller, Call>>();
  /** `byLength[n]` has the lines with n waiting calls: finds the longest line without a scan. */
  readonly #byLength: LinkedList<Line<Caller, Call>>[] = [];
  /** `longer[k]` counts the lines with more than k waiting calls: the number of calls that round k serves. */
  readonly #longer: number[] = [];
  #longest = 0;
  #waiting = 0;

  get waiting(): number {
    return this.#waiting;
  }

  /** The length of the longest line. */
  get longest(): number {
    return this.#longest;
  }

  /** Whether there is a line that is not held. */
  get isReady(): boolean {
    return this.#turns.size > 0;
  }

  lengthOf(caller: Caller): number {
    return this.#lines.get(caller)?.length ?? 0;
  }

  /** The callers in round-robin order, the next one first. */
  *ready(): Generator<Caller, void, undefined> {
    for (const { caller } of this.#turns) yield caller;
  }

  /** @param isHeld whether the caller's line is held, if this call is its first one. */
  add(caller: Caller, call: Call, isHeld: boolean): Waiting<Caller, Call> {
    const line = this.#lines.get(caller) ?? this.#begin(caller);
    if (line.length === 0 && !isHeld) line.turn = this.#turns.push(line);
    const place = line.calls.push(call);
    this.#resize(line, line.length + 1);
    return { line, place };
  }

  remove({ line, place }: Waiting<Caller, Call>): void {
    line.calls.remove(place);
    this.#resize(line, line.length - 1);
    if (line.length > 0) return;
    this.hold(line.caller);
    this.#lines.delete(line.caller);
  }

  /** The oldest call of the next caller. */
  get next(): Call | undefined {
    return this.#turns.first?.calls.first;
  }

  oldestOf(caller: Caller): Call | undefined {
    return this.#lines.get(caller)?.calls.first;
  }

  /** The call to evict: the newest call of the longest line; of several such lines, the one that grew last. */
  get leastDeserving(): Call | undefined {
    return this.#byLength[this.#longest]?.last?.calls.last;
  }

  callsOf(caller: Caller): readonly Call[] {
    return [...(this.#lines.get(caller)?.calls ?? [])];
  }

  /** Moves the caller to the end of the round-robin order. */
  toEnd(caller: Caller): void {
    const line = this.#lines.get(caller);
    if (!line?.turn) return;
    this.#turns.remove(line.turn);
    line.turn = this.#turns.push(line);
  }

  /** Skips the caller's line until it is released. */
  hold(caller: Caller): void {
    const line = this.#lines.get(caller);
    if (!line?.turn) return;
    this.#turns.remove(line.turn);
    line.turn = undefined;
  }

  release(caller: Caller): void {
    const line = this.#lines.get(caller);
    if (line && !line.turn) line.turn = this.#turns.push(line);
  }

  /** Whether more than this number of calls would be served before, or in the same round as, one more call of the caller. */
  isBehindMoreThan(caller: Caller, calls: number): boolean {
    if (this.#waiting <= calls) return false;
    let ahead = 0;
    for (let round = 0; round <= this.lengthOf(caller) && ahead <= calls; round += 1)
      ahead += this.#longer[round] ?? 0;
    return ahead > calls;
  }

  #begin(caller: Caller): Line<Caller, Call> {
    const calls = new LinkedList<Call>();
    const line: Line<Caller, Call> = { caller, calls, length: 0, turn: undefined, peers: undefined };
    this.#lines.set(caller, line);
    return line;
  }

  #resize(line: Line<Caller, Call>, length: number): void {
    const { length: before } = line;
    const change = length - before;
    this.#waiting += change;
    // A line of n calls is longer than 0 … n - 1.
    const round = Math.min(before, length);
    this.#longer[round] = (this.#longer[round] ?? 0) + change;
    if (line.peers) this.#byLength[before]?.remove(line.peers);
    line.peers = length > 0 ? (this.#byLength[length] ??= new LinkedList()).push(line) : undefined;
    line.length = length;
    if (length > this.#longest) this.#longest = length;
    else if (before === this.#longest && this.#byLength[before]?.size === 0) this.#longest = length;
  }
}
