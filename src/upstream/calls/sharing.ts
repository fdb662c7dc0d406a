import type { Settled } from '../caller.ts';
import type { Clock } from '../../base/clock.ts';

/** Begins a call. Its signal is aborted when the last of those who wait for it has left. */
export type Begin = (signal: AbortSignal) => Promise<Settled>;

interface Flight {
  readonly settled: Promise<Settled>;
  readonly startedAt: number;
  waiting: number;
  readonly abandoned: AbortController;
}

/** Calls in flight of one caller, by what is asked. */
export interface Sharing<Key> {
  /** Joins the call for this key that is under way and young enough, or begins one. An asker that leaves gets `aborted`. */
  join(key: Key, signal: AbortSignal, begin: Begin): Promise<Settled>;
}

const left: Settled = { outcome: { kind: 'aborted' }, waitedMs: 0, durationMs: 0, attempts: 0, shared: true };

/** @param joinableMs how long after its start a call still has half of its time left. */
export function createSharing<Key>(clock: Clock, joinableMs: number, onEmpty: () => void): Sharing<Key> {
  const flights = new Map<Key, Flight>();

  const forget = (key: Key, flight: Flight) => {
    if (flights.get(key) !== flight) return;
    flights.delete(key);
    if (flights.size === 0) onEmpty();
  };

  const take = (key: Key, begin: Begin): Flight => {
    const abandoned = new AbortController();
    const flight: Flight = {
      startedAt: clock.now(),
      waiting: 0,
      abandoned,
      settled: begin(abandoned.signal).finally(() => forget(key, flight)),
    };
    flights.set(key, flight);
    return flight;
  };

  return {
    async join(key, signal, begin) {
      const current = flights.get(key);
      const joined = current !== undefined && clock.now() - current.startedAt <= joinableMs;
      const flight = joined ? current : take(key, begin);
      const joinedAt = clock.now();
      flight.waiting += 1;

      return new Promise((resolve, reject) => {
        const leave = () => {
          flight.waiting -= 1;
          if (flight.waiting === 0) {
            // In one step, or who comes in between would join a call that is dying.
            forget(key, flight);
            flight.abandoned.abort();
          }
          resolve({ ...left, shared: joined, durationMs: clock.now() - joinedAt });
        };
        signal.addEventListener('abort', leave, { once: true });
        const stay = () => signal.removeEventListener('abort', leave);
        flight.settled
          .finally(stay)
          .then(
            (settled) =>
              resolve(
                joined
                  ? { ...settled, shared: true, waitedMs: 0, durationMs: clock.now() - joinedAt }
                  : settled,
              ),
            reject,
          );
      });
    },
  };
}
