import type { Clock } from '../../base/clock.ts';
import type { PollSettings } from '../settings.ts';

/** How many pollers there are, and who may have one more. */
export interface PollShares {
  readonly taken: number;
  /** Takes a place for a poller, if this caller may have one more. */
  take(token: string): boolean;
  giveBack(token: string): void;
}

export type PollSharesOptions = Pick<PollSettings, 'maxWatched' | 'fairShare'> & { readonly clock: Clock };

/** A client that is told to come back does so within this time: until then its caller waits for a place. */
const waitsMs = 30_000;

/**
 * A caller may have half of all pollers, since one service token behind a router is one caller. While a caller with less than its fair
 * share is refused for want of places, others that have theirs get no more, so that what becomes free is left to it.
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
