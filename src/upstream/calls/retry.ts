import { parseRetryAfter } from '../answer/retry-after.ts';
import type { Exchanged } from '../exchange/exchange.ts';

/** Repeats that may still be sent: some at first, and a tenth of each first attempt since. */
export interface RetryBudget {
  /** A first attempt is sent. */
  gain(): void;
  /** Takes one repeat, if there is one to take. */
  spend(): boolean;
}

/** Counted in tenths, which add up to a whole. */
const repeatTenths = 10;
const gainTenths = 1;
const maxBackoffMs = 50;
/** With less left before the deadline, an answer is not to be hoped for. */
const minLeftMs = 50;

/** @param max what it holds at first and at most. */
export function createRetryBudget(max: number): RetryBudget {
  const maxTenths = max * repeatTenths;
  let tenths = maxTenths;
  return {
    gain() {
      tenths = Math.min(maxTenths, tenths + gainTenths);
    },
    spend() {
      if (tenths < repeatTenths) return false;
      tenths -= repeatTenths;
      return true;
    },
  };
}

/**
 * Milliseconds to wait before the one repeat of a call, or undefined where it is not to be repeated: there was an answer and no sign
 * in it that another would be better, or the time that is left does not allow it.
 */
export function retryDelay(
  exchanged: Exchanged,
  {
    leftMs,
    wallNowMs,
    random,
  }: { readonly leftMs: number; readonly wallNowMs: number; readonly random: () => number },
): number | undefined {
  const delayMs = wantedDelay(exchanged, wallNowMs, random);
  return delayMs !== undefined && delayMs + minLeftMs <= leftMs ? delayMs : undefined;
}

function wantedDelay(exchanged: Exchanged, wallNowMs: number, random: () => number): number | undefined {
  // A POST, yet it only reads, so to repeat it is safe. Clients refuse to repeat POST by default; this decision is ours.
  if (exchanged.kind === 'broken') return backoffMs(random);
  if (exchanged.kind !== 'answered') return undefined;
  const { httpStatus, retryAfter } = exchanged;
  const askedMs = retryAfter === undefined ? undefined : parseRetryAfter(retryAfter, wallNowMs);
  switch (httpStatus) {
    case 429:
      return askedMs;
    case 502:
    case 503:
    case 504:
      return askedMs ?? backoffMs(random);
    default:
      return undefined;
  }
}

/** Full jitter: those who failed together do not come back together. */
const backoffMs = (random: () => number) => random() * maxBackoffMs;
