import type { Clock } from '../../base/clock.ts';
import type { Endpoint } from '../endpoint.ts';
import { Sharing } from './sharing.ts';

interface OfEndpoint {
  readonly endpoint: Endpoint;
  readonly sharing: Sharing<string>;
}

/** The callers with calls in flight. Each has a table of its own, so that no lookup can find the call of another token. */
export class Sharings {
  readonly #clock: Clock;
  readonly #joinableMs: number;
  // A caller's endpoints are few: a list of them is smaller than a map, and every request of a new caller makes one.
  readonly #byCaller = new Map<string, OfEndpoint[]>();

  /** @param joinableMs how long after its start a call may be joined. */
  constructor(clock: Clock, joinableMs: number) {
    this.#clock = clock;
    this.#joinableMs = joinableMs;
  }

  of(token: string, endpoint: Endpoint): Sharing<string> {
    const ofCaller = this.#byCaller.get(token);
    for (const one of ofCaller ?? []) if (one.endpoint === endpoint) return one.sharing;
    const sharing = new Sharing<string>(this.#clock, this.#joinableMs, () => this.#drop(token, endpoint));
    if (ofCaller) ofCaller.push({ endpoint, sharing });
    else this.#byCaller.set(token, [{ endpoint, sharing }]);
    return sharing;
  }

  #drop(token: string, endpoint: Endpoint): void {
    const ofCaller = this.#byCaller.get(token) ?? [];
    const at = ofCaller.findIndex((one) => one.endpoint === endpoint);
    if (at >= 0) ofCaller.splice(at, 1);
    if (ofCaller.length === 0) this.#byCaller.delete(token);
  }
}
