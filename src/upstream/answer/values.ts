/** What became of a raw value: the value of a field, or what it should have been. */
export type Decoded<T> =
  | { readonly ok: true; readonly value: T }
  /** Completes the sentence "the value is not …". */
  | { readonly ok: false; readonly wanted: string };

const value = <T>(value: T): Decoded<T> => ({ ok: true, value });
const notA = (wanted: string): Decoded<never> => ({ ok: false, wanted });
// The contract leaves out what it does not know, or gives null: the same, and never 0.
const isAbsent = (raw: unknown) => raw === null || raw === undefined;

const maxLong = 2n ** 63n - 1n;
const minLong = -(2n ** 63n);

/** The contract's `long`, a signed 64-bit integer, as its digits: given as a number that holds it exactly, or as its digits. */
export function decodeLong(raw: unknown): Decoded<string | null> {
  if (isAbsent(raw)) return value(null);
  if (typeof raw === 'number' && Number.isSafeInteger(raw)) return value(String(raw));
  if (typeof raw === 'string' && /^(?:0|-?[1-9]\d{0,18})$/.test(raw)) {
    const long = BigInt(raw);
    if (long >= minLong && long <= maxLong) return value(raw);
  }
  return notA('a 64-bit integer');
}

/** A `long` that names something; 0 names nothing and is null. */
export function decodeReference(raw: unknown): Decoded<string | null> {
  const decoded = decodeLong(raw);
  return decoded.ok && decoded.value === '0' ? value(null) : decoded;
}

/** A `long` of Unix seconds as RFC 3339 in UTC, `2024-05-13T11:33:20Z`; 0 is null. Years 1 to 9999. */
export function decodeUnixSeconds(raw: unknown): Decoded<string | null> {
  return decodeMoment(raw, 1000, 'a moment in Unix seconds');
}

/** A `long` of Unix milliseconds as RFC 3339 in UTC, with a fraction where it has one; 0 is null. Years 1 to 9999. */
export function decodeUnixMilliseconds(raw: unknown): Decoded<string | null> {
  return decodeMoment(raw, 1, 'a moment in Unix milliseconds');
}

function decodeMoment(raw: unknown, unitMs: number, wanted: string): Decoded<string | null> {
  const long = decodeReference(raw);
  if (!long.ok) return notA(wanted);
  if (long.value === null) return value(null);
  // A number so large that it loses digits here is no moment of those years anyway.
  const moment = new Date(Number(long.value) * unitMs);
  const year = moment.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) return notA(wanted);
  return value(moment.toISOString().replace('.000Z', 'Z'));
}

/** The contract's `int`: a whole number of 32 bits, as GraphQL's. */
export function decodeInt(raw: unknown): Decoded<number | null> {
  if (isAbsent(raw)) return value(null);
  return typeof raw === 'number' && raw === (raw | 0) ? value(raw) : notA('a 32-bit integer');
}

/** The contract's `string`. The empty one is a text like any other. */
export function decodeText(raw: unknown): Decoded<string | null> {
  if (isAbsent(raw)) return value(null);
  return typeof raw === 'string' ? value(raw) : notA('text');
}

/** The contract's `boolean`. */
export function decodeFlag(raw: unknown): Decoded<boolean | null> {
  if (isAbsent(raw)) return value(null);
  return typeof raw === 'boolean' ? value(raw) : notA('true or false');
}
