/** The event loop is strained if it is late by more than `lateMs` for `forMs`, and relieved if it is in time for `forMs`. */
const lateMs = 250;
const forMs = 1000;

/** Decides whether the event loop is strained, from the delays of a repeated timer. */
export class Lateness {
  /** The due time of the first timer in the current series of late ones. */
  #lateSince: number | undefined;
  #inTimeSince = 0;
  #strained = false;

  /** Takes the due time of a timer and the time at which it ran. Returns whether the event loop is strained now. */
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
