/** How late the event loop is before it counts, and for how long: also how long it has to be in time again. */
const lateMs = 250;
const forMs = 1000;

/** Whether the event loop has been late for a second, judged by a timer that is set again and again. */
export class Lateness {
  /** When the first of the timers that ran late one after the other was due. */
  #lateSince: number | undefined;
  #inTimeSince = 0;
  #strained = false;

  /** One timer that was due at a moment and ran at another. Returns whether the event loop is strained now. */
  sample(dueAt: number, ranAt: number): boolean {
    if (ranAt - dueAt > lateMs) {
      this.#lateSince ??= dueAt;
      this.#inTimeSince = ranAt;
      if (ranAt - this.#lateSince >= forMs) this.#strained = true;
    } else {
      this.#lateSince = undefined;
      if (ranAt - this.#inTimeSince >= forMs) this.#strained = false;
    }
    return this.#strained;
  }
}
