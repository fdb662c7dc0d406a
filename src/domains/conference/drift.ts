import type { Drift, FieldType } from '../../upstream/answer/drift.ts';
import { fieldDrift } from '../../upstream/answer/field-drift.ts';
import type { RawRecord } from '../../upstream/endpoint.ts';
import { conferenceFields } from './record.ts';
import { conferenceStatus } from './status.ts';

const fields: readonly (readonly [string, FieldType])[] = Object.entries(conferenceFields);

/** What of a conference's record is unlike the contract; the answer is served as the schema has it all the same. */
export function conferenceDrift(record: RawRecord): Drift[] {
  const drift = fieldDrift(record, fields);
  const { status, startTime, stopTime } = record;
  if (Number.isInteger(status) && conferenceStatus(status) === 'UNKNOWN')
    drift.push({ kind: 'unknown-value', field: 'status' });
  if (typeof startTime === 'number' && typeof stopTime === 'number' && stopTime > 0 && stopTime < startTime)
    drift.push({ kind: 'contradiction', field: 'stopTime' });
  return drift;
}
