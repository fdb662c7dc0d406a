import type { ConferenceField } from './contract.ts';

/** A record as the upstream wrote it: nothing is decoded, and any field may be of any type. */
export type ConferenceRecord = Readonly<Partial<Record<ConferenceField, unknown>>>;
