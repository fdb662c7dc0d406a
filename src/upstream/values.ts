/** What became of a raw value: the value of a field, or what it should have been. */
export type Decoded<T> =
  | { readonly ok: true; readonly value: T }
  /** Completes the sentence "the value is not …". */
  | { readonly ok: false; readonly wanted: string };

const value = <T>(value: T): Decoded<T> => ({ ok: true, value });
const notA = (wanted: string): Decoded<never> => ({ ok: false, wanted });
const isAbsent = (raw: unknown) => raw === null || raw === undefined;
const maxLong = 2n ** 63n - 1n;
const minLong = -(2n ** 63n);

export function decodeLong(raw: unknown): Decoded<string | null> {
  if (isAbsent(raw)) return value(null);
  if (typeof raw === 'number' && Number.isSafeInteger(raw)) return value(String(raw));
  if (typeof raw === 'string' && /^(?:0|-?[1-9]\d{0,18})$/.test(raw)) {
    const long = BigInt(raw);
    if (long >= minLong && long <= maxLong) return value(raw);
  }
  return notA('a 64-bit integer');
}
export function decodeReference(raw: unknown): Decoded<string | null> {
  const decoded = decodeLong(raw);
  return decoded.ok && decoded.value === '0' ? value(null) : decoded;
}
export function decodeUnixMilliseconds(raw: unknown): Decoded<string | null> {
  return decodeMoment(raw, 1, 'a moment in Unix milliseconds');
}
export function decodeUnixSeconds(raw: unknown): Decoded<string | null> {
  return decodeMoment(raw, 1000, 'a moment in Unix seconds');
}
function decodeMoment(raw: unknown, scale: number, wanted: string): Decoded<string | null> {
  const long = decodeLong(raw);
  if (!long.ok) return notA(wanted);
  if (long.value === null || long.value === '0') return value(null);
  const date = new Date(Number(long.value) * scale);
  const year = date.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) return notA(wanted);
  return value(date.toISOString().replace('.000Z', 'Z'));
}
export function decodeInt(raw: unknown): Decoded<number | null> {
  if (isAbsent(raw)) return value(null);
  return typeof raw === 'number' && raw === (raw | 0) ? value(raw) : notA('a 32-bit integer');
}
export function decodeText(raw: unknown): Decoded<string | null> {
  if (isAbsent(raw)) return value(null);
  return typeof raw === 'string' ? value(raw) : notA('text');
}
export function decodeFlag(raw: unknown): Decoded<boolean | null> {
  if (isAbsent(raw)) return value(null);
  return typeof raw === 'boolean' ? value(raw) : notA('true or false');
}
