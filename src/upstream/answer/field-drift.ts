import { isObject } from '../../base/is-object.ts';
import type { RawRecord, RecordContract, Shape, ValueShape } from '../contract.ts';
import type { Drift } from './drift.ts';
import { valueDrift } from './value-drift.ts';
import { decodeReference } from './values.ts';

// An upstream that invents fields by the thousand is not looked at for longer.
const maxNewFields = 64;

type Note = (kind: Drift['kind'], field: string) => void;
type Check = (value: unknown, note: Note) => void;

/** Compares records with their contract. In a list, what many items show is one drift. */
export function createFieldDrift(contract: RecordContract): (record: RawRecord) => readonly Drift[] {
  const check = checkRecord(contract, '');
  return (record) => {
    let found: Map<string, Drift> | undefined;
    check(record, (kind, field) => {
      found ??= new Map();
      found.set(`${kind} ${field}`, { kind, field });
    });
    return found ? [...found.values()] : [];
  };
}

function checkRecord(contract: RecordContract, above: string): Check {
  const fields = Object.entries(contract).map(([name, field]) => ({
    name,
    field,
    path: above + name,
    check: checkShape(field, above + name),
  }));
  return (record, note) => {
    if (!isObject(record)) return;
    let known = 0;
    for (const { name, field, path, check } of fields) {
      const value = record[name];
      if (value === undefined) {
        note('gone', path);
        continue;
      }
      known += 1;
      if (value !== null) check(value, note);
      if ('notBefore' in field && isTooEarly(record, name, field)) note('contradiction', path);
    }
    const names = Object.keys(record);
    if (names.length === known) return;
    const unknown = names.filter((name) => !Object.hasOwn(contract, name));
    for (const name of unknown.slice(0, maxNewFields)) note('new', above + shown(name));
  };
}

function checkShape(shape: Shape, path: string): Check {
  switch (shape.type) {
    case 'list': {
      const check = checkShape(shape.of, path);
      return (value, note) => {
        if (!Array.isArray(value)) return note('other-type', path);
        for (const item of value) if (item !== null) check(item, note);
      };
    }
    case 'record': {
      const check = checkRecord(shape.fields, `${path}.`);
      return (value, note) => (isObject(value) ? check(value, note) : note('other-type', path));
    }
    default: {
      const { type, values } = shape;
      return (value, note) => {
        const kind = valueDrift(value, type);
        if (kind) note(kind, path);
        else if (values && !Object.hasOwn(values, String(value))) note('unknown-value', path);
      };
    }
  }
}

/** Whether a moment is before the one that the contract has it come after. */
export function isTooEarly(record: RawRecord, name: string, { notBefore }: ValueShape): boolean {
  const [earlier, later] = [notBefore && momentOf(record[notBefore]), momentOf(record[name])];
  return typeof earlier === 'number' && later !== undefined && later < earlier;
}

function momentOf(raw: unknown): number | undefined {
  const long = decodeReference(raw);
  return long.ok && long.value !== null ? Number(long.value) : undefined;
}

// A name that is none of the contract's is shown only where it looks like a name: it may be anything.
const shown = (name: string) => (/^[a-z]\w{0,63}$/i.test(name) ? name : '(no name)');
