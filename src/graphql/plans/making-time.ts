/** Of a second, for making plans: documents that are all different must not cost more than without plans. */
const maxMakingMs = 100;

/** The time that is spent on making plans, second by second. */
export class MakingTime {
  readonly #now: () => number;
  #secondBegan = -Infinity;
  #spentMs = 0;

  /** @param now in milliseconds, only forward. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Makes something: null where it cannot be made, undefined where there is no time left for it in this second. */
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
