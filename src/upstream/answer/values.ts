import { isObject } from '../../base/is-object.ts';
import { utcText } from '../../base/utc.ts';
import type { RawRecord } from '../contract.ts';

/** A decoded value, or a description of the values that are allowed. */
export type Decoded<T> =
  | { readonly ok: true; readonly value: T }
  /** Completes the sentence "the value is not …". */
  | { readonly ok: false; readonly wanted: string };

const value = <T>(value: T): Decoded<T> => ({ ok: true, value });
const notA = (wanted: string): Decoded<never> => ({ ok: false, wanted });
// The upstream leaves out an unknown value or sends null: both mean null, never 0.
const isAbsent = (raw: unknown) => raw === null || raw === undefined;

const maxLong = 2n ** 63n - 1n;
const minLong = -(2n ** 63n);

/** The contract's `long`, a signed 64-bit integer, as a string of its digits. `raw` is a safe integer or a string of digits. */
export function decodeLong(raw: unknown): Decoded<string | null> {
  if (isAbsent(raw)) return value(null);
  if (typeof raw === 'number' && Number.isSafeInteger(raw)) return value(String(raw));
  if (typeof raw === 'string' && /^(?:0|-?[1-9]\d{0,18})$/.test(raw)) {
    const long = BigInt(raw);
    if (long >= minLong && long <= maxLong) return value(raw);
  }
  return notA('a 64-bit integer');
}

/**
 * Whether a value is an integer below 0 of any size, as a number or as a string of its digits. In a count, an ID or a moment it means
 * "none": many services write -1, and Go's zero time is -62135596800.
 */
export function isBelowZero(raw: unknown): boolean {
  // JSON.parse returns -Infinity for an integer that is too large for a double.
  if (typeof raw === 'number') return raw < 0 && (Number.isInteger(raw) || raw === -Infinity);
  return typeof raw === 'string' && /^-[1-9]\d*$/.test(raw);
}

/** A `long` that is the ID of something. 0 and negative values mean "none" and are null. */
export function decodeReference(raw: unknown): Decoded<string | null> {
  if (isBelowZero(raw)) return value(null);
  const long = decodeLong(raw);
  return long.ok && long.value === '0' ? value(null) : long;
}

/** The years 2000 to 9999 in Unix milliseconds: there was no conference before, and RFC 3339 has no later year. */
const firstMs = Date.UTC(2000, 0);
const lastMs = Date.UTC(10_000, 0) - 1;

/** Whether a `long` in this unit is a moment of the years 2000 to 9999. A value that loses digits here is out of range anyway. */
export const isMoment = (long: string | number, unitMs: number): boolean =>
  Number(long) * unitMs >= firstMs && Number(long) * unitMs <= lastMs;

/** A `long` of Unix seconds as RFC 3339 in UTC, `2024-05-13T11:33:20Z`. 0 and negative values are null; years 2000 to 9999. */
export function decodeUnixSeconds(raw: unknown): Decoded<string | null> {
  return decodeMoment(raw, 1000, 'a moment of the years 2000 to 9999 in Unix seconds');
}

/** A `long` of Unix milliseconds as RFC 3339 in UTC, with a fraction if it has one. 0 and negative values are null; years 2000 to 9999. */
export function decodeUnixMilliseconds(raw: unknown): Decoded<string | null> {
  return decodeMoment(raw, 1, 'a moment of the years 2000 to 9999 in Unix milliseconds');
}

function decodeMoment(raw: unknown, unitMs: number, wanted: string): Decoded<string | null> {
  const long = longToNumber(raw);
  if (long === undefined) return notA(wanted);
  if (long === null) return value(null);
  if (!isMoment(long, unitMs)) return notA(wanted);
  const text = utcText(long * unitMs);
  return value(text.endsWith('.000Z') ? `${text.slice(0, 19)}Z` : text);
}

/**
 * A `long` as a number, which may lose digits. Null for 0, a negative value and none; undefined for any other value. Nearly always it is
 * a number already: every record has two moments, and a text of its digits in between would cost as much as the rest of the check.
 */
export function longToNumber(raw: unknown): number | null | undefined {
  if (typeof raw === 'number' && Number.isSafeInteger(raw)) return raw > 0 ? raw : null;
  const long = decodeReference(raw);
  if (!long.ok) return undefined;
  return long.value === null ? null : Number(long.value);
}

/** The contract's `int`: an integer of 32 bits, like GraphQL's Int. */
export function decodeInt(raw: unknown): Decoded<number | null> {
  if (isAbsent(raw)) return value(null);
  return typeof raw === 'number' && raw === (raw | 0) ? value(raw) : notA('a 32-bit integer');
}

/** An `int` that is a count or a number of seconds. Negative values mean "none" and are null. */
export function decodeCount(raw: unknown): Decoded<number | null> {
  return typeof raw === 'number' && isBelowZero(raw) ? value(null) : decodeInt(raw);
}

/** The contract's `string`, as well-formed Unicode: half a surrogate pair becomes U+FFFD. An empty string stays empty. */
export function decodeText(raw: unknown): Decoded<string | null> {
  if (isAbsent(raw)) return value(null);
  // Strict JSON parsers, such as Apollo Router's, refuse a whole answer if one string has half a surrogate pair.
  return typeof raw === 'string' ? value(raw.toWellFormed()) : notA('text');
}

/** The contract's `boolean`. */
export function decodeFlag(raw: unknown): Decoded<boolean | null> {
  if (isAbsent(raw)) return value(null);
  return typeof raw === 'boolean' ? value(raw) : notA('true or false');
}

/** A list of records. An item can be null. */
export function decodeRecords(raw: unknown): Decoded<readonly (RawRecord | null)[] | null> {
  if (isAbsent(raw)) return value(null);
  return isListOfRecords(raw) ? value(raw) : notA('a list of records');
}

const isListOfRecords = (raw: unknown): raw is readonly (RawRecord | null)[] =>
  Array.isArray(raw) && raw.every((item) => item === null || isObject(item));
