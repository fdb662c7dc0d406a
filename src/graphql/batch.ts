import type { Answer } from '../upstream/answer/answer.ts';

/** The distinct IDs of one endpoint that were loaded in one tick, and their results so far. */
export class Batch {
  readonly ids: readonly string[];
  readonly #resolve: (results: readonly (Answer | Error)[]) => void;
  readonly #results: (Answer | Error)[];
  #unsettled: number;

  constructor(ids: readonly string[], resolve: (results: readonly (Answer | Error)[]) => void) {
    this.ids = ids;
    this.#resolve = resolve;
    // Of its final length: a list that grows reserves more.
    this.#results = Array<Answer | Error>(ids.length);
    this.#unsettled = ids.length;
  }

  settle(place: number, result: Answer | Error): void {
    this.#results[place] = result;
    this.#unsettled -= 1;
    if (this.#unsettled === 0) this.#resolve(this.#results);
  }

  fail(error: Error): void {
    this.#resolve(this.ids.map(() => error));
  }
}
