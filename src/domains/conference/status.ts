import type { ConferenceStatus } from '../../generated/schema.ts';
import { conferenceContract } from './contract.ts';

const byNumber: ReadonlyMap<unknown, ConferenceStatus> = new Map(
  Object.entries(conferenceContract.status.values).map(([number, status]) => [Number(number), status]),
);

/** The contract's `status`. A value that it does not list is UNKNOWN, never an error. */
export const conferenceStatus = (raw: unknown): ConferenceStatus => byNumber.get(raw) ?? 'UNKNOWN';
