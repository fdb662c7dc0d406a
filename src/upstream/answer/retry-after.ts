/**
 * Milliseconds from now on that a `Retry-After` header asks for, in seconds or as a date. Undefined where it is neither.
 *
 * @param wallNowMs Unix milliseconds: a date is compared with the wall clock.
 */
export function parseRetryAfter(header: string, wallNowMs: number): number | undefined {
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  // Date.parse takes `1.5` and `-1` for years.
  const at = /^[A-Z][a-z]+, /.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - wallNowMs);
}
