import { randomUUID } from 'node:crypto';

/** The client's `x-request-id` if it is 1–128 characters of `[A-Za-z0-9._-]`; otherwise a new ID. */
export function requestIdOf(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' && /^[A-Za-z0-9._-]{1,128}$/.test(header) ? header : randomUUID();
}
