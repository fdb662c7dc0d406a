/**
 * The delay of a `Retry-After` header in milliseconds from now. The header has seconds or a date; undefined if it has neither.
 *
 * @param wallNowMs Unix milliseconds: a date is compared with the wall clock.
 */
export function parseRetryAfter(header: string, wallNowMs: number): number | undefined {
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  // Date.parse would read `1.5` and `-1` as years.
  const at = /^[A-Z][a-z]+, /.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - wallNowMs);
}
