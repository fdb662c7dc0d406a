import type { Exchanged } from './exchange.ts';

/** Repeats that may still be sent: some at first, and a tenth of each first attempt since. */
export interface RetryBudget {
  /** A first attempt is sent. */
  gain(): void;
  /** Takes one repeat, if there is one to take. */
  spend(): boolean;
}

const gainPerAttempt = 0.1;
const maxBackoffMs = 50;
/** With less left before the deadline, an answer is not to be hoped for. */
const minLeftMs = 50;

/** @param max what it holds at first and at most. */
export function createRetryBudget(max: number): RetryBudget {
  let left = max;
  return {
    gain() {
      left = Math.min(max, left + gainPerAttempt);
    },
    spend() {
      // A sum of tenths falls a little short of the whole.
      if (left < 1 - 1e-9) return false;
      left -= 1;
      return true;
    },
  };
}

/**
 * Milliseconds to wait before the one repeat of a call, or undefined where it is not to be repeated: its answer was complete and
 * no sign of overload, or the time that is left does not allow it.
 */
export function retryDelay(
  exchanged: Exchanged,
  {
    leftMs,
    nowMs,
    random,
  }: { readonly leftMs: number; readonly nowMs: number; readonly random: () => number },
): number | undefined {
  const delayMs = wantedDelay(exchanged, nowMs, random);
  return delayMs !== undefined && delayMs + minLeftMs <= leftMs ? delayMs : undefined;
}

function wantedDelay(exchanged: Exchanged, nowMs: number, random: () => number): number | undefined {
  // A POST, yet it only reads, so to repeat it is safe. Clients refuse to repeat POST by default; this decision is ours.
  if (exchanged.kind === 'broken') return random() * maxBackoffMs;
  if (exchanged.kind !== 'complete') return undefined;
  const { httpStatus, retryAfter } = exchanged;
  const asked = retryAfter === undefined ? undefined : retryAfterMs(retryAfter, nowMs);
  if (httpStatus === 429) return asked;
  if (httpStatus < 502 || httpStatus > 504) return undefined;
  return asked ?? random() * maxBackoffMs;
}

function retryAfterMs(header: string, nowMs: number): number | undefined {
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
