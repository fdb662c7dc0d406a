import type { FieldType } from '../contract.ts';
import type { Drift } from './drift.ts';
import { decodeLong, isBelowZero, isMoment } from './values.ts';

/**
 * The drift of one value, or undefined if it has none: exactly the values that the decoders of `values.ts` change or refuse. It does not
 * decode the value, because every field of every record is checked but only few are selected.
 *
 * @param raw not null: null is handled by the caller.
 */
export function valueDrift(raw: unknown, type: FieldType): Drift['kind'] | undefined {
  switch (type) {
    case 'long':
      return isLong(raw) ? undefined : 'other-type';
    case 'reference':
      if (isBelowZero(raw)) return 'impossible';
      return isLong(raw) ? undefined : 'other-type';
    case 'seconds':
      return momentDrift(raw, 1000);
    case 'milliseconds':
      return momentDrift(raw, 1);
    case 'int':
      return isInt(raw) ? undefined : 'other-type';
    case 'count':
      if (typeof raw === 'number' && isBelowZero(raw)) return 'impossible';
      return isInt(raw) ? undefined : 'other-type';
    case 'text':
      if (typeof raw !== 'string') return 'other-type';
      return raw.isWellFormed() ? undefined : 'malformed';
    case 'flag':
      return typeof raw === 'boolean' ? undefined : 'other-type';
    default:
      return type satisfies never;
  }
}

const isLong = (raw: unknown): raw is string | number => Number.isSafeInteger(raw) || decodeLong(raw).ok;
const isInt = (raw: unknown): boolean => typeof raw === 'number' && raw === (raw | 0);

function momentDrift(raw: unknown, unitMs: number): Drift['kind'] | undefined {
  if (isBelowZero(raw)) return 'impossible';
  if (!isLong(raw)) return 'other-type';
  return Number(raw) === 0 || isMoment(raw, unitMs) ? undefined : 'impossible';
}
