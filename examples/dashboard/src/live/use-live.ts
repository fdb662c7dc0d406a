import { useCallback, useEffect, useMemo, useState } from 'react';
import type { Client } from 'urql';
import { type Connection, watch } from './watch.ts';
import { type WatchedById, withEvent, withGap, withOnly } from './watched.ts';

export interface Live {
  readonly watched: WatchedById;
  readonly connection: Connection;
  /** Asks again now, for whoever does not want to wait. */
  readonly again: () => void;
}

/** The one live stream of the page: of these conferences, for this client, while the tab can be seen. */
export function useLive(client: Client | undefined, ids: readonly string[]): Live {
  const [watched, setWatched] = useState<WatchedById>(new Map());
  const [connection, setConnection] = useState<Connection>({ kind: 'connecting' });
  const [round, setRound] = useState(0);
  const isVisible = useIsVisible();
  // Another order of the same conferences is the same stream.
  const key = JSON.stringify(ids.toSorted());
  const sorted: readonly string[] = useMemo(() => JSON.parse(key), [key]);

  useEffect(() => {
    setWatched((before) => withOnly(before, sorted));
    if (!client || sorted.length === 0) return;
    if (!isVisible) {
      setConnection({ kind: 'paused' });
      setWatched((before) => withGap(before, Date.now()));
      return;
    }
    return watch(client, sorted, {
      onEvent: (event) =>
        setWatched((before) => withEvent(before, event, { ids: sorted, nowMs: Date.now() })),
      onConnection(next) {
        setConnection(next);
        if (next.kind === 'waiting' || next.kind === 'refused')
          setWatched((before) => withGap(before, Date.now()));
      },
    });
  }, [client, sorted, isVisible, round]);

  // What one caller may see is not for the next.
  useEffect(() => () => setWatched(new Map()), [client]);

  const again = useCallback(() => setRound((round) => round + 1), []);
  useEffect(() => {
    addEventListener('online', again);
    return () => removeEventListener('online', again);
  }, [again]);

  return { watched, connection, again };
}

function useIsVisible(): boolean {
  const [isVisible, setIsVisible] = useState(!document.hidden);
  useEffect(() => {
    const look = () => setIsVisible(!document.hidden);
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  return isVisible;
}
