import type { Weight } from '../limits/answer-estimate.ts';

/** Limits how much the lists in the upstream's records add to one answer. The rest of the answer was estimated before. */
export class Room {
  readonly #most: Weight;
  #fields = 0;
  #keyBytes = 0;

  constructor(most: Weight) {
    this.#most = most;
  }

  /** Call it at the start of each answer. */
  reset(): void {
    this.#fields = this.#most.fields;
    this.#keyBytes = this.#most.keyBytes;
  }

  /** Reserves room for this many more items. Returns false if there is none. */
  takes(items: number, { fields, keyBytes }: Weight): boolean {
    this.#fields -= items * (1 + fields);
    this.#keyBytes -= items * keyBytes;
    return this.#fields >= 0 && this.#keyBytes >= 0;
  }
}
