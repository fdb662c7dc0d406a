import type { Clock } from '../../base/clock.ts';
import type { PollSettings } from '../settings.ts';

/** The limits on the number of pollers, in total and per caller. */
export interface PollShares {
  /** Pollers in total. */
  readonly taken: number;
  /** Counts one more poller of this caller. Returns false if the caller may not have one. */
  take(token: string): boolean;
  /** Counts one poller of this caller less. */
  giveBack(token: string): void;
}

export type PollSharesOptions = Pick<PollSettings, 'maxWatched' | 'fairShare'> & { readonly clock: Clock };

/** A refused client comes back within this time. Until then, the next free poller is kept for its caller. */
const waitsMs = 30_000;

/**
 * One caller may have up to half of all pollers: behind a router, a single service token is one caller with many viewers. After a caller
 * with less than its fair share was refused, callers that have their fair share get no more pollers for a while, so that the next free
 * one is left for it.
 */
export function createPollShares({ maxWatched, fairShare, clock }: PollSharesOptions): PollShares {
  const ofCaller = new Map<string, number>();
  const half = Math.ceil(maxWatched / 2);
  let taken = 0;
  let waiter: { readonly token: string; readonly until: number } | undefined;

  return {
    get taken() {
      return taken;
    },
    take(token) {
      const own = ofCaller.get(token) ?? 0;
      const othersWait = waiter !== undefined && waiter.token !== token && clock.now() < waiter.until;
      if (own >= (othersWait ? Math.min(fairShare, half) : half)) return false;
      if (taken >= maxWatched) {
        if (own < fairShare) waiter = { token, until: clock.now() + waitsMs };
        return false;
      }
      if (waiter?.token === token) waiter = undefined;
      ofCaller.set(token, own + 1);
      taken += 1;
      return true;
    },
    giveBack(token) {
      const own = (ofCaller.get(token) ?? 0) - 1;
      if (own > 0) ofCaller.set(token, own);
      else ofCaller.delete(token);
      taken -= 1;
    },
  };
}
