import { type Client } from 'urql';
import { onEnd, pipe, subscribe } from 'wonka';
import { refusalIn } from '../gateway/client.ts';
import { watchConferences } from '../gateway/documents.ts';
import { type Problem, problemOf } from '../gateway/problem.ts';
import type { Event } from './watched.ts';

/** How the one stream of the page stands. */
export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** Nothing is left that could change. */
  | { readonly kind: 'over' }
  /** It was cut, or could not be had; it is asked for again by itself. The problem is the gateway's, if it gave one. */
  | { readonly kind: 'waiting'; readonly untilMs: number; readonly problem: Problem | undefined }
  /** Asking again would not help before something else is done. */
  | { readonly kind: 'refused'; readonly problem: Problem }
  /** The tab is hidden. */
  | { readonly kind: 'paused' };

export interface Watcher {
  readonly onEvent: (event: Event) => void;
  readonly onConnection: (connection: Connection) => void;
}

/**
 * Watches conferences on one stream, and comes back when it is cut, a little later each time.
 * @returns a function that ends it.
 */
export function watch(client: Client, ids: readonly string[], { onEvent, onConnection }: Watcher): () => void {
  let isEnded = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let stop = () => {};

  const comeBack = async (error: Error) => {
    const refusal = await refusalIn(error);
    if (isEnded) return;
    if (refusal && !refusal.retryable) return onConnection({ kind: 'refused', problem: refusal });
    const pauseMs = pauseAfter(failures, refusal?.retryAfterMs);
    failures += 1;
    onConnection({ kind: 'waiting', untilMs: Date.now() + pauseMs, problem: refusal });
    timer = setTimeout(begin, pauseMs);
  };

  const begin = () => {
    let isCut = false;
    let isRefused = false;
    const subscription = pipe(
      client.subscription(watchConferences, { ids }),
      onEnd(() => {
        if (!isEnded && !isCut && !isRefused) onConnection({ kind: 'over' });
      }),
      subscribe(({ data, error }) => {
        if (isEnded) return;
        if (error?.networkError) {
          isCut = true;
          void comeBack(error.networkError);
          return;
        }
        failures = 0;
        const errors = error?.graphQLErrors ?? [];
        const ending = errors.find(
          ({ path, extensions }) => !path || extensions['code'] === 'UNAUTHENTICATED',
        );
        if (ending) {
          isRefused = true;
          onConnection({ kind: 'refused', problem: problemOf(ending) });
          return;
        }
        onConnection({ kind: 'live' });
        onEvent({ conferences: data?.conferences, errors });
      }),
    );
    stop = () => subscription.unsubscribe();
  };

  onConnection({ kind: 'connecting' });
  begin();
  return () => {
    isEnded = true;
    clearTimeout(timer);
    stop();
  };
}

/** A second or so at first, up to 15 s: at random, because at a restart all pages come back at once. */
function pauseAfter(failures: number, retryAfterMs: number | undefined): number {
  const longestMs = Math.min(1500 * 2 ** failures, 15_000);
  return (retryAfterMs ?? 500) + longestMs * Math.random();
}
