import type { RawRecord } from '../endpoint.ts';
import type { Drift, FieldType } from './drift.ts';
import { decodeLong } from './values.ts';

const isOf: Readonly<Record<FieldType, (value: unknown) => boolean>> = {
  long: (value) => Number.isSafeInteger(value) || decodeLong(value).ok,
  int: (value) => typeof value === 'number' && value === (value | 0),
  text: (value) => typeof value === 'string',
  flag: (value) => typeof value === 'boolean',
};

/** Compares a record with the fields that its contract names. */
export function fieldDrift(record: RawRecord, fields: readonly (readonly [string, FieldType])[]): Drift[] {
  const drift: Drift[] = [];
  let known = 0;
  for (const [field, type] of fields) {
    const value = record[field];
    if (value === undefined) {
      drift.push({ kind: 'gone', field });
      continue;
    }
    known += 1;
    if (value !== null && !isOf[type](value)) drift.push({ kind: 'other-type', field });
  }
  const names = Object.keys(record);
  if (names.length === known) return drift;
  const contract = new Set(fields.map(([field]) => field));
  for (const field of names) if (!contract.has(field)) drift.push({ kind: 'new', field });
  return drift;
}
