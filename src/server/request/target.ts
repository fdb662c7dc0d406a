/** The target in a request line, in two parts. */
export interface Target {
  readonly path: string;
  /** The query string, without the question mark. */
  readonly search: string;
}

export function targetOf(url = ''): Target {
  // The absolute form, as sent to a proxy: `GET http://host/path HTTP/1.1`.
  const absolute = url.startsWith('/') ? undefined : URL.parse(url);
  if (absolute) return { path: absolute.pathname, search: absolute.search.slice(1) };
  const at = url.indexOf('?');
  return at < 0 ? { path: url, search: '' } : { path: url.slice(0, at), search: url.slice(at + 1) };
}

export const isGraphql = (path: string): boolean => path === '/graphql' || path === '/graphql/';
