import { randomUUID } from 'node:crypto';

/** The caller's `x-request-id` if it is 1–128 of `[A-Za-z0-9._-]`, otherwise a new one. */
export function requestIdOf(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' && /^[A-Za-z0-9._-]{1,128}$/.test(header) ? header : randomUUID();
}
