import type { Refusal } from './refusal.ts';

/** What a request gets that finds no place, or no room for its body. */
export const overloaded: Refusal = {
  status: 503,
  code: 'OVERLOADED',
  message: 'The gateway has as many requests under way as it takes.',
  retryAfterSeconds: 1,
};

/** Seconds after which a stream that was refused may be asked for again. At a restart many viewers come back at once. */
export const streamRetrySeconds = 5;
