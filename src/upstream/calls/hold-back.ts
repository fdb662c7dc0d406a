import type { Clock } from '../../base/clock.ts';
import type { KnownCaller } from './callers.ts';

/** A call in flight for longer than this may be ended for another caller that waits. */
export const hangMs = 500;

/** Limits the calls in flight of callers whose calls have hung while others waited. */
export interface HoldBack {
  /** Notes that the caller makes a call now. */
  hear(caller: KnownCaller): void;
  /** Maximum calls in flight of the caller; Infinity if it is not limited. */
  limitOf(caller: KnownCaller): number;
  /** Halves the limit: a call of the caller was ended for another caller. */
  halve(caller: KnownCaller): void;
  /** Notes that a call of the caller got no answer in this time. */
  unanswered(caller: KnownCaller, tookMs: number): void;
}

/**
 * Halves a caller's limit, down to one, each time that others wait for its hanging calls. The limit ends when none of its calls has hung for
 * twice the deadline, or no other caller has made a call for as long. Without this memory, all calls of the caller would time out at the same
 * moment, all its next calls would start at once, and none of them could be ended within the first 500 ms.
 */
export function createHoldBack(timeoutMs: number, clock: Clock): HoldBack {
  const forMs = 2 * timeoutMs;
  // The key of the caller that asked last, and when another one than that did.
  let newest = '';
  let newestAt = -Infinity;
  let otherAt = -Infinity;

  const isHeldBack = (caller: KnownCaller, now: number) =>
    now - caller.hungAt < forMs && now - (caller.key === newest ? otherAt : newestAt) < forMs;

  return {
    hear({ key }) {
      if (key !== newest) {
        otherAt = newestAt;
        newest = key;
      }
      newestAt = clock.now();
    },
    limitOf(caller) {
      // Most callers were never limited: skip reading the clock.
      if (caller.heldBackTo === Infinity) return Infinity;
      if (!isHeldBack(caller, clock.now())) caller.heldBackTo = Infinity;
      return caller.heldBackTo;
    },
    halve(caller) {
      const now = clock.now();
      // Calls that started together hang together: they halve the limit only once.
      if (isHeldBack(caller, now) && now - caller.hungAt < hangMs) return;
      caller.heldBackTo = Math.max(1, Math.floor(Math.min(caller.heldBackTo, caller.held) / 2));
      caller.hungAt = now;
    },
    unanswered(caller, tookMs) {
      if (tookMs > hangMs && caller.heldBackTo !== Infinity) caller.hungAt = clock.now();
    },
  };
}
