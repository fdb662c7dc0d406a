import type { Behaviour } from '../upstream.ts';

/** An upstream that is easily too small: 150 calls a second at best. */
export const narrow: Behaviour = { slots: 6, workMs: 40, faultShare: 0, fault: '503' };

/** Two calls more than the upstream has slots, so that none is idle between two of them, and a short line. */
export const narrowSettings = { UPSTREAM_CONCURRENCY: '8', UPSTREAM_QUEUE: '16' };
