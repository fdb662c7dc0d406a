import type { ConferenceStatus } from '../../generated/resolvers.ts';

/** The contract's `status`: 2 is in progress, 4 is ended, and anything else that it may ever be is unknown, never an error. */
export function conferenceStatus(raw: unknown): ConferenceStatus {
  if (raw === 2) return 'IN_PROGRESS';
  if (raw === 4) return 'ENDED';
  return 'UNKNOWN';
}
