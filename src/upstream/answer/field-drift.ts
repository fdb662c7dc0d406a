import type { RawRecord } from '../endpoint.ts';
import type { Drift, FieldType } from './drift.ts';
import { valueDrift } from './value-drift.ts';

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
    if (value === null) continue;
    const kind = valueDrift(value, type);
    if (kind !== undefined) drift.push({ kind, field });
  }
  const names = Object.keys(record);
  if (names.length === known) return drift;
  const contract = new Set(fields.map(([field]) => field));
  for (const field of names) if (!contract.has(field)) drift.push({ kind: 'new', field });
  return drift;
}
