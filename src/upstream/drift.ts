import type { Emit } from '../observe/events.ts';
import type { Endpoint, RawRecord } from './endpoint.ts';
import { decodeLong } from './values.ts';

/** A type of the contract. Every field may be null. */
export type FieldType = 'long' | 'int' | 'text' | 'flag';

/** What of a record is unlike its contract. Holds no value. */
export interface Drift {
  readonly kind: 'new' | 'gone' | 'other-type' | 'unknown-value' | 'contradiction';
  /** One of the contract's names; of the upstream's choosing where it is new. */
  readonly field: string;
}

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

/** An upstream that invents a field a second fills neither memory nor the log: the other kinds are as many as the contract's fields. */
const maxNewFields = 32;

/** Looks at each record: tells each kind of drift once, and counts every record that shows it. */
export function createDriftWatch(emit: Emit) {
  const told = new Set<string>();
  let newFields = 0;
  const tell = (endpoint: string, { kind, field }: Drift) => {
    const key = `${endpoint} ${kind} ${field}`;
    if (told.has(key)) return;
    if (kind === 'new') {
      if (newFields === maxNewFields) return;
      newFields += 1;
    }
    told.add(key);
    emit({ event: 'drift', endpoint, kind, field });
  };
  return ({ name: endpoint, driftOf }: Endpoint, record: RawRecord): void => {
    const drift = driftOf?.(record);
    if (!drift?.length) return;
    let hasNew = false;
    for (const { kind, field } of drift) {
      // A name that is none of the contract's is shown only where it looks like a name, and never counted by.
      const shown = kind === 'new' && !/^[a-z]\w{0,63}$/i.test(field) ? '(no name)' : field;
      tell(endpoint, { kind, field: shown });
      if (kind === 'new') hasNew = true;
      else emit({ event: 'driftSeen', endpoint, kind, field });
    }
    if (hasNew) emit({ event: 'driftSeen', endpoint, kind: 'new', field: undefined });
  };
}
