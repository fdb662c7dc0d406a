import type { ConferenceField } from './contract.ts';

/** The upstream's record, not decoded: a field may have any type. */
export type ConferenceRecord = Readonly<Partial<Record<ConferenceField, unknown>>>;
