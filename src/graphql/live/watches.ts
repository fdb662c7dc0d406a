import type { Caller, Polled, Settled, Watch } from '../../upstream/caller.ts';
import type { Endpoint } from '../../upstream/endpoint.ts';

/** The answers that a subscription is made of: those that its first execution asked for, followed from then on. */
export interface Watches {
  /** Stands for the caller in an execution: each call is answered with the newest answer, and the first one begins to follow it. */
  readonly caller: Pick<Caller, 'call'>;
  /** Whether an answer could not be followed, because as many are as may be. */
  readonly isOverfull: boolean;
  /** An execution begins. */
  begin(): void;
  /** Whether no answer has come since that the last execution has not seen. */
  isCurrent(): boolean;
  /** Settles when no answer is older than one interval, unless the upstream fails. */
  fresh(): Promise<unknown>;
  /** The answers that the last execution saw; undefined for one that has not come. */
  seen(): readonly (Polled | undefined)[];
  leave(): void;
}

export function createWatches(
  caller: Caller,
  requestId: string,
  onPolled: (polled: Polled) => void,
): Watches {
  const byEndpoint = new Map<Endpoint, Map<string, Watch>>();
  // The answers that the last execution saw.
  const seen = new Map<Watch, Polled | undefined>();
  let isOverfull = false;
  let hasLeft = false;

  const all = () =>
    byEndpoint
      .values()
      .flatMap((byId) => byId.values())
      .toArray();

  const follow = (endpoint: Endpoint, id: string): Watch | undefined => {
    const byId = byEndpoint.get(endpoint) ?? new Map<string, Watch>();
    byEndpoint.set(endpoint, byId);
    let watch = byId.get(id);
    if (watch || hasLeft) return watch;
    watch = caller.watch(endpoint, id, requestId, onPolled);
    if (watch) byId.set(id, watch);
    else isOverfull = true;
    return watch;
  };

  return {
    caller: {
      async call(endpoint, id) {
        const watch = follow(endpoint, id);
        if (!watch) return notFollowed;
        const polled = watch.latest ?? (await watch.current());
        seen.set(watch, polled);
        return settled(polled.outcome);
      },
    },
    get isOverfull() {
      return isOverfull;
    },
    begin() {
      for (const watch of all()) seen.set(watch, watch.latest);
    },
    isCurrent: () => all().every((watch) => seen.get(watch) === watch.latest),
    fresh: () => Promise.all(all().map((watch) => watch.current())),
    seen: () => all().map((watch) => seen.get(watch)),
    leave() {
      hasLeft = true;
      for (const watch of all()) watch.leave();
    },
  };
}

const settled = (outcome: Settled['outcome']): Settled => ({
  outcome,
  waitedMs: 0,
  durationMs: 0,
  attempts: 0,
  shared: true,
});
const notFollowed = settled({ kind: 'aborted' });
