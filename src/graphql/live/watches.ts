import type { Caller, Polled, Settled, Watch } from '../../upstream/caller.ts';
import type { Endpoint } from '../../upstream/endpoint.ts';

/** The watched answers of a subscription. Its first execution starts to watch each answer that it needs. */
export interface Watches {
  /** Replaces the caller in an execution. A call returns the newest answer of a poller; the first call for an ID starts to watch it. */
  readonly caller: Pick<Caller, 'call'>;
  /** Whether an answer could not be watched, because the limit of pollers is reached. */
  readonly limitReached: boolean;
  /** Must be called before each execution. */
  begin(): void;
  /** Whether the last execution has seen the newest answers. */
  isCurrent(): boolean;
  /** Settles when every answer is younger than one interval, or the upstream fails. */
  fresh(): Promise<unknown>;
  /** The answers that the last execution saw; undefined if there was none yet. */
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
  let limitReached = false;
  let hasLeft = false;

  const all = () =>
    byEndpoint
      .values()
      .flatMap((byId) => byId.values())
      .toArray();

  const watchOf = (endpoint: Endpoint, id: string): Watch | undefined => {
    const byId = byEndpoint.get(endpoint) ?? new Map<string, Watch>();
    byEndpoint.set(endpoint, byId);
    let watch = byId.get(id);
    if (watch || hasLeft) return watch;
    watch = caller.watch(endpoint, id, requestId, onPolled);
    if (watch) byId.set(id, watch);
    else limitReached = true;
    return watch;
  };

  return {
    caller: {
      async call(endpoint, id) {
        const watch = watchOf(endpoint, id);
        if (!watch) return notWatched;
        const polled = watch.latest ?? (await watch.current());
        seen.set(watch, polled);
        return settled(polled.outcome);
      },
    },
    get limitReached() {
      return limitReached;
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
const notWatched = settled({ kind: 'aborted' });
