import type { Clock } from '../../base/clock.ts';
import { Aborter, type AbortListener, type Signal } from '../../base/signal.ts';
import type { Settled } from '../caller.ts';

/** Starts a call. The signal is aborted when no request waits for the call any more. */
export type Begin = (signal: Signal) => Promise<Settled>;

/** The calls in flight of one caller, by ID. */
export class Sharing<Key> {
  readonly #clock: Clock;
  readonly #joinableMs: number;
  readonly #onEmpty: () => void;
  readonly #flights = new Map<Key, Flight>();

  /** @param joinableMs how long after its start a call still has half of its time left. */
  constructor(clock: Clock, joinableMs: number, onEmpty: () => void) {
    this.#clock = clock;
    this.#joinableMs = joinableMs;
    this.#onEmpty = onEmpty;
  }

  /** Joins a call in flight with this key if it is young enough, or starts one. A request that is aborted gets `aborted`. */
  join(key: Key, signal: Signal, begin: Begin): Promise<Settled> {
    const now = this.#clock.now();
    const current = this.#flights.get(key);
    const joined = current !== undefined && now - current.startedAt <= this.#joinableMs;
    const flight = joined ? current : this.#take(key, begin, now);
    return new Promise((resolve, reject) => {
      flight.add(new Asker(flight, this.#clock, signal, joined, now, resolve, reject));
    });
  }

  #take(key: Key, begin: Begin, startedAt: number): Flight {
    const flight = new Flight(startedAt, () => this.#forget(key, flight));
    this.#flights.set(key, flight);
    begin(flight.abandoned).then(
      (settled) => flight.land(settled),
      (defect: unknown) => flight.crash(defect),
    );
    return flight;
  }

  #forget(key: Key, flight: Flight): void {
    if (this.#flights.get(key) !== flight) return;
    this.#flights.delete(key);
    if (this.#flights.size === 0) this.#onEmpty();
  }
}

/** One call and the requests that wait for it. */
class Flight {
  readonly startedAt: number;
  readonly abandoned = new Aborter();
  readonly #forget: () => void;
  readonly #askers: Asker[] = [];

  /** @param forget removes the call from the table, so that no request can join any more. */
  constructor(startedAt: number, forget: () => void) {
    this.startedAt = startedAt;
    this.#forget = forget;
  }

  add(asker: Asker): void {
    this.#askers.push(asker);
  }

  leave(asker: Asker): void {
    this.#askers.splice(this.#askers.indexOf(asker), 1);
    if (this.#askers.length > 0) return;
    // Remove and abort in one step: otherwise a request in between would join a call that is being aborted.
    this.#forget();
    this.abandoned.abort();
  }

  land(settled: Settled): void {
    this.#forget();
    for (const asker of this.#askers.splice(0)) asker.settle(settled);
  }

  crash(defect: unknown): void {
    this.#forget();
    for (const asker of this.#askers.splice(0)) asker.fail(defect);
  }
}

/** One request that waits for a call. */
class Asker implements AbortListener {
  readonly #flight: Flight;
  readonly #clock: Clock;
  readonly #signal: Signal;
  readonly #joined: boolean;
  readonly #joinedAt: number;
  readonly #resolve: (settled: Settled) => void;
  readonly #reject: (defect: unknown) => void;

  constructor(
    flight: Flight,
    clock: Clock,
    signal: Signal,
    joined: boolean,
    joinedAt: number,
    resolve: (settled: Settled) => void,
    reject: (defect: unknown) => void,
  ) {
    this.#flight = flight;
    this.#clock = clock;
    this.#signal = signal;
    this.#joined = joined;
    this.#joinedAt = joinedAt;
    this.#resolve = resolve;
    this.#reject = reject;
    signal.addEventListener('abort', this, { once: true });
  }

  /** The request is aborted. */
  handleEvent(): void {
    this.#flight.leave(this);
    const durationMs = this.#clock.now() - this.#joinedAt;
    this.#resolve({
      outcome: { kind: 'aborted' },
      waitedMs: 0,
      durationMs,
      attempts: 0,
      shared: this.#joined,
    });
  }

  settle(settled: Settled): void {
    this.#signal.removeEventListener('abort', this);
    if (!this.#joined) return this.#resolve(settled);
    const { outcome, attempts } = settled;
    const durationMs = this.#clock.now() - this.#joinedAt;
    this.#resolve({ outcome, waitedMs: 0, durationMs, attempts, shared: true });
  }

  fail(defect: unknown): void {
    this.#signal.removeEventListener('abort', this);
    this.#reject(defect);
  }
}
