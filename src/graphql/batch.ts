import type { Endpoint } from '../upstream/endpoint.ts';

/** The distinct IDs of one endpoint that were loaded in one tick, and their results so far. */
export class Batch<Value> {
  readonly endpoint: Endpoint;
  readonly ids: readonly string[];
  readonly #resolve: (values: readonly (Value | Error)[]) => void;
  readonly #values: (Value | Error)[];
  #unsettled: number;

  constructor(
    endpoint: Endpoint,
    ids: readonly string[],
    resolve: (values: readonly (Value | Error)[]) => void,
  ) {
    this.endpoint = endpoint;
    this.ids = ids;
    this.#resolve = resolve;
    this.#values = Array<Value | Error>(ids.length);
    this.#unsettled = ids.length;
  }

  settle(place: number, value: Value | Error): void {
    this.#values[place] = value;
    this.#unsettled -= 1;
    if (this.#unsettled === 0) this.#resolve(this.#values);
  }

  fail(error: Error): void {
    this.#resolve(this.ids.map(() => error));
  }
}
