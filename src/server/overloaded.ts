import type { Refusal } from './refusal.ts';

/** Refuses a request if there are `MAX_REQUESTS` already, or there is no room for its body. */
export const overloaded: Refusal = {
  status: 503,
  code: 'OVERLOADED',
  message: 'The gateway is overloaded: it has too many requests in progress.',
  retryAfterSeconds: 1,
};
