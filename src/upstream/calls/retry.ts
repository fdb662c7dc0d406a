import { parseRetryAfter } from '../answer/retry-after.ts';
import type { Exchanged } from '../exchange/exchange.ts';

/** The retry budget: a number of retries at the start, plus a tenth for each first attempt. */
export interface RetryBudget {
  /** Adds a tenth, for a first attempt. */
  gain(): void;
  /** Takes one retry, if the budget has one. */
  spend(): boolean;
}

/** The budget counts in tenths, as integers, so that ten of them make exactly one. */
const repeatTenths = 10;
const gainTenths = 1;
const maxBackoffMs = 50;
/** No retry with less time than this before the deadline: an answer would be too late. */
const minLeftMs = 50;

/** @param max retries at the start, and the maximum. */
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
 * Milliseconds to wait before the one retry of a call, or undefined for no retry: a retry would get the same answer, or there is not
 * enough time left.
 */
export function retryDelay(
  exchanged: Exchanged,
  {
    isStale,
    leftMs,
    wallNowMs,
    random,
  }: {
    readonly isStale: boolean;
    readonly leftMs: number;
    readonly wallNowMs: number;
    readonly random: () => number;
  },
): number | undefined {
  // It is the old connection that has failed, not the upstream: nothing to wait for.
  const delayMs = isStale ? 0 : wantedDelay(exchanged, wallNowMs, random);
  return delayMs !== undefined && delayMs + minLeftMs <= leftMs ? delayMs : undefined;
}

function wantedDelay(exchanged: Exchanged, wallNowMs: number, random: () => number): number | undefined {
  // A POST, yet it only reads, so a retry is safe. HTTP clients do not retry POST by default; this decision is ours.
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

/** Full jitter: calls that failed together are not retried together. */
const backoffMs = (random: () => number) => random() * maxBackoffMs;
