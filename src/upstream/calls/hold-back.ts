import type { Clock } from '../../base/clock.ts';
import type { KnownCaller } from './callers.ts';

/** A call under way for longer may be ended for another caller that waits. */
export const hangMs = 500;

/** Which callers may not have all turns, because their calls have hung while others waited. */
export interface HoldBack {
  /** The caller asks for a turn now. */
  hear(caller: KnownCaller): void;
  /** Turns that the caller may have at once; Infinity where it is not held back. */
  limitOf(caller: KnownCaller): number;
  /** A call of the caller was ended for another one. */
  halve(caller: KnownCaller): void;
  /** A call of the caller had no answer after so long. */
  unanswered(caller: KnownCaller, tookMs: number): void;
}

/**
 * Halves a caller's limit as often as others have to wait for what hangs, down to one, and lifts it when none of its calls has hung
 * for twice the deadline, or when nobody else has asked for as long. Without this memory, all its calls would begin anew in the moment
 * in which all of them reach their deadline, and none of them could be ended before it is 500 ms old.
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
      // Most callers never were, and need no look at the time.
      if (caller.heldBackTo === Infinity) return Infinity;
      if (!isHeldBack(caller, clock.now())) caller.heldBackTo = Infinity;
      return caller.heldBackTo;
    },
    halve(caller) {
      const now = clock.now();
      // Calls that began together hang together: they are one reason, not many.
      if (isHeldBack(caller, now) && now - caller.hungAt < hangMs) return;
      caller.heldBackTo = Math.max(1, Math.floor(Math.min(caller.heldBackTo, caller.held) / 2));
      caller.hungAt = now;
    },
    unanswered(caller, tookMs) {
      if (tookMs > hangMs && caller.heldBackTo !== Infinity) caller.hungAt = clock.now();
    },
  };
}
