/** Receives an abort. A method of an object that exists anyway: a request then needs no closure for it. */
export interface AbortListener {
  handleEvent(): void;
}

/** The part of AbortSignal that the gateway uses. Every AbortSignal is a `Signal`. */
export interface Signal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: AbortListener, options?: { readonly once?: boolean }): void;
  removeEventListener(type: 'abort', listener: AbortListener): void;
}

/**
 * A signal and its `abort()` in one object. It replaces AbortController: each request needs four, and each of Node's costs 2 µs and
 * half a kilobyte, because it makes an event object that the gateway does not read.
 */
export class Aborter implements Signal {
  #isAborted = false;
  // Nearly always there is only one listener: the array is made for the second.
  #first: AbortListener | undefined;
  #others: AbortListener[] | undefined;

  get aborted(): boolean {
    return this.#isAborted;
  }

  addEventListener(_type: 'abort', listener: AbortListener): void {
    if (this.#first === undefined) this.#first = listener;
    else (this.#others ??= []).push(listener);
  }

  removeEventListener(_type: 'abort', listener: AbortListener): void {
    if (this.#first === listener) this.#first = this.#others?.shift();
    else if (this.#others) this.#others = this.#others.filter((other) => other !== listener);
  }

  /** Calls each listener once, in the order they were added. */
  abort(): void {
    if (this.#isAborted) return;
    this.#isAborted = true;
    const first = this.#first;
    const others = this.#others;
    this.#first = undefined;
    this.#others = undefined;
    first?.handleEvent();
    for (const listener of others ?? []) listener.handleEvent();
  }
}
