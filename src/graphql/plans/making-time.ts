/** Maximum time per second for making plans: a flood of different documents must not cost more than without plans. */
const maxMakingMs = 100;

/** Limits the time for making plans in each second. */
export class MakingTime {
  readonly #now: () => number;
  #secondBegan = -Infinity;
  #spentMs = 0;

  /** @param now monotonic, in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Calls `make`. Returns null if it throws, and undefined, without a call, if no time is left in this second. */
  make<T>(make: () => T): T | null | undefined {
    const begunAt = this.#now();
    if (begunAt - this.#secondBegan >= 1000) {
      this.#secondBegan = begunAt;
      this.#spentMs = 0;
    }
    if (this.#spentMs >= maxMakingMs) return undefined;
    try {
      return make();
    } catch {
      return null;
    } finally {
      this.#spentMs += this.#now() - begunAt;
    }
  }
}
