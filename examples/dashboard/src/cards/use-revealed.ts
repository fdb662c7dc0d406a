import { useCallback, useEffect, useRef, useState } from 'react';
import { type TypedDocumentNode, useClient } from 'urql';
import { type Problem, problemOf } from '../gateway/problem.ts';

/** Something that is asked for only when somebody wants to see it, and forgotten when it is hidden. */
export type Revealed<T> =
  | { readonly kind: 'hidden' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'shown'; readonly value: T; readonly untilMs: number }
  | { readonly kind: 'failed'; readonly problem: Problem };

export interface Reveal<Data> {
  readonly revealed: Revealed<Data>;
  readonly show: () => void;
  readonly hide: () => void;
}

/** @param shownMs after which it is hidden again; Infinity for not by itself. */
export function useRevealed<Data>(
  document: TypedDocumentNode<Data, { id: string }>,
  id: string,
  shownMs: number,
): Reveal<Data> {
  const client = useClient();
  const [revealed, setRevealed] = useState<Revealed<Data>>({ kind: 'hidden' });
  // An answer that comes after it was hidden is not shown any more.
  const asked = useRef(0);

  const hide = useCallback(() => {
    asked.current += 1;
    setRevealed({ kind: 'hidden' });
  }, []);

  const show = async () => {
    const nth = (asked.current += 1);
    setRevealed({ kind: 'asking' });
    const { data, error } = await client.query(document, { id }).toPromise();
    if (nth !== asked.current) return;
    const first = error?.graphQLErrors[0];
    if (data && !error) setRevealed({ kind: 'shown', value: data, untilMs: Date.now() + shownMs });
    else if (first) setRevealed({ kind: 'failed', problem: problemOf(first) });
    else setRevealed({ kind: 'failed', problem: { code: 'UNKNOWN', message: '' } });
  };

  const untilMs = revealed.kind === 'shown' ? revealed.untilMs : Infinity;
  useEffect(() => {
    if (untilMs === Infinity) return;
    const timer = setTimeout(hide, untilMs - Date.now());
    return () => clearTimeout(timer);
  }, [untilMs, hide]);

  // Of another caller nothing stays.
  useEffect(() => hide, [client, hide]);

  return { revealed, show: () => void show(), hide };
}
