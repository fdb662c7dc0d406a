/** A place in a list; with it, the value can be removed in constant time. */
export interface Place<T> {
  readonly value: T;
  before: Place<T> | undefined;
  after: Place<T> | undefined;
}

/** A doubly linked list: adding, taking the first or the last, and removing from the middle take constant time. No array or Set has all of these. */
export class LinkedList<T> {
  #first: Place<T> | undefined;
  #last: Place<T> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get first(): T | undefined {
    return this.#first?.value;
  }

  get last(): T | undefined {
    return this.#last?.value;
  }

  /** Adds a value behind all others. */
  push(value: T): Place<T> {
    const place: Place<T> = { value, before: this.#last, after: undefined };
    if (this.#last) this.#last.after = place;
    else this.#first = place;
    this.#size += 1;
    return (this.#last = place);
  }

  /** Takes out a place of this list. It must be in it. */
  remove(place: Place<T>): void {
    const { before, after } = place;
    this.#size -= 1;
    if (before) before.after = after;
    else this.#first = after;
    if (after) after.before = before;
    else this.#last = before;
    // Otherwise a removed place in V8's old generation would keep its neighbours alive until a full collection, and they theirs.
    place.before = undefined;
    place.after = undefined;
  }

  /** From the first to the last. The list must not change meanwhile. */
  *[Symbol.iterator](): Generator<T, void, undefined> {
    for (let place = this.#first; place; place = place.after) yield place.value;
  }
}
