import { useCallback, useSyncExternalStore } from 'react';

const name = 'id';

/** The conferences that an address names, each once. */
export function idsIn(search: string): readonly string[] {
  const ids = new URLSearchParams(search).getAll(name).map((id) => id.trim());
  return [...new Set(ids.filter((id) => id !== ''))];
}

/** An address with these conferences; what else it says stays. */
export function withIds(href: string, ids: readonly string[]): string {
  const url = new URL(href);
  url.searchParams.delete(name);
  for (const id of ids) url.searchParams.append(name, id);
  return url.href;
}

/** What somebody typed or pasted: one ID, or several with white space or commas between them. */
export const idsInText = (text: string): readonly string[] => [
  ...new Set(text.split(/[\s,;，、；]+/).filter((id) => id !== '')),
];

const changed = 'watch-list';

/** The watch-list, which is the address: to be shared, and the browser's Back undoes. */
export function useWatchList(): readonly [readonly string[], (ids: readonly string[]) => void] {
  const search = useSyncExternalStore(subscribe, () => location.search);
  const set = useCallback((ids: readonly string[]) => {
    history.pushState(null, '', withIds(location.href, ids));
    dispatchEvent(new Event(changed));
  }, []);
  return [idsIn(search), set];
}

/** Puts conferences into an address that names none, without a step for Back. */
export function beginWith(ids: readonly string[]): void {
  if (idsIn(location.search).length === 0) history.replaceState(null, '', withIds(location.href, ids));
}

function subscribe(onChange: () => void): () => void {
  addEventListener('popstate', onChange);
  addEventListener(changed, onChange);
  return () => {
    removeEventListener('popstate', onChange);
    removeEventListener(changed, onChange);
  };
}
