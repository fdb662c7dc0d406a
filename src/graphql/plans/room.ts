import type { Weight } from '../limits/answer-estimate.ts';

/** How much the lists that the upstream sends may add to one answer. What the request asks for has been estimated before. */
export class Room {
  readonly #most: Weight;
  #fields = 0;
  #keyBytes = 0;

  constructor(most: Weight) {
    this.#most = most;
  }

  /** At the begin of each answer. */
  reset(): void {
    this.#fields = this.#most.fields;
    this.#keyBytes = this.#most.keyBytes;
  }

  /** Whether there is room for so many items more. */
  takes(items: number, { fields, keyBytes }: Weight): boolean {
    this.#fields -= items * (1 + fields);
    this.#keyBytes -= items * keyBytes;
    return this.#fields >= 0 && this.#keyBytes >= 0;
  }
}
