/** Is told of an abort. An object with this method, so that whoever waits needs no function of its own for it. */
export interface AbortListener {
  handleEvent(): void;
}

/** As much of an AbortSignal as is needed here: every AbortSignal is one. */
export interface Signal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: AbortListener, options?: { readonly once?: boolean }): void;
  removeEventListener(type: 'abort', listener: AbortListener): void;
}

/**
 * A signal that aborts itself. Not an AbortController: each request needs four, and Node's cost 2 µs and half a kilobyte each, with
 * an event object that nobody here reads.
 */
export class Aborter implements Signal {
  #isAborted = false;
  // Nearly always one: no list is made before there is a second.
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

  /** Tells each listener once, in the order in which they came. */
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
