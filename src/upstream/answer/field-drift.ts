import { isObject } from '../../base/is-object.ts';
import type { RawRecord, RecordContract, Shape, ValueShape } from '../contract.ts';
import type { Drift } from './drift.ts';
import { valueDrift } from './value-drift.ts';
import { longToNumber } from './values.ts';

// In a record with thousands of unknown fields, only this many are reported.
const maxNewFields = 64;

type Check = (value: unknown, found: Found) => void;

/** The drift found in a record so far, without duplicates: a list can have the same drift in ten thousand items. */
class Found {
  readonly #drifts = new Set<Drift>();
  readonly #newFields = new Set<string>();

  add(drift: Drift): void {
    this.#drifts.add(drift);
  }

  addNew(field: string): void {
    if (this.#newFields.has(field)) return;
    this.#newFields.add(field);
    this.#drifts.add({ kind: 'new', field });
  }

  get hasManyNew(): boolean {
    return this.#newFields.size >= maxNewFields;
  }

  /** Returns all of it and resets. */
  take(): readonly Drift[] {
    if (this.#drifts.size === 0) return none;
    const drifts = [...this.#drifts];
    this.#drifts.clear();
    this.#newFields.clear();
    return drifts;
  }
}

const none: readonly Drift[] = [];

/** Compares records with their contract. The same drift in many items of a list is reported once. */
export function createFieldDrift(contract: RecordContract): (record: RawRecord) => readonly Drift[] {
  const check = checkRecord(contract, '');
  const found = new Found();
  return (record) => {
    check(record, found);
    return found.take();
  };
}

function checkRecord(contract: RecordContract, above: string): Check {
  const fields = Object.entries(contract).map(([name, field]) => {
    const path = above + name;
    const gone: Drift = { kind: 'gone', field: path };
    const contradiction: Drift = { kind: 'contradiction', field: path };
    return { name, field, gone, contradiction, check: checkShape(field, path) };
  });
  return (record, found) => {
    if (!isObject(record)) return;
    let known = 0;
    for (const { name, field, gone, contradiction, check } of fields) {
      const value = record[name];
      if (value === undefined) {
        if (!field.optional) found.add(gone);
        continue;
      }
      known += 1;
      if (value !== null) check(value, found);
      if ('notBefore' in field && isTooEarly(record, name, field)) found.add(contradiction);
    }
    if (found.hasManyNew) return;
    const names = Object.keys(record);
    if (names.length === known) return;
    for (const name of names) {
      if (Object.hasOwn(contract, name)) continue;
      found.addNew(above + shown(name));
      if (found.hasManyNew) return;
    }
  };
}

function checkShape(shape: Shape, path: string): Check {
  const otherType: Drift = { kind: 'other-type', field: path };
  switch (shape.type) {
    case 'list': {
      const check = checkShape(shape.of, path);
      return (value, found) => {
        if (!Array.isArray(value)) return found.add(otherType);
        for (const item of value) if (item !== null) check(item, found);
      };
    }
    case 'record': {
      const check = checkRecord(shape.fields, `${path}.`);
      return (value, found) => (isObject(value) ? check(value, found) : found.add(otherType));
    }
    default: {
      const { type, values } = shape;
      // Drift objects are created once and reused: creating one for every item of a list would take longer than the check.
      const made = new Map<Drift['kind'], Drift>();
      return (value, found) => {
        const kind =
          valueDrift(value, type) ??
          (values && !Object.hasOwn(values, String(value)) ? 'unknown-value' : undefined);
        if (!kind) return;
        let drift = made.get(kind);
        if (!drift) made.set(kind, (drift = { kind, field: path }));
        found.add(drift);
      };
    }
  }
}

/** Whether a moment is before the one that the contract requires it to follow. */
export function isTooEarly(record: RawRecord, name: string, { notBefore }: ValueShape): boolean {
  const earlier = notBefore && longToNumber(record[notBefore]);
  const later = longToNumber(record[name]);
  return typeof earlier === 'number' && typeof later === 'number' && later < earlier;
}

// The name of an unknown field can be any text: it is reported only if it looks like a name.
const shown = (name: string) => (/^[a-z]\w{0,63}$/i.test(name) ? name : '(no name)');
