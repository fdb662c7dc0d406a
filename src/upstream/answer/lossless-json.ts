/**
 * JSON.parse, but for long integers: where a field of one of these names is an integer beyond 2^53, its value is its digits as a
 * string. Other numbers stay numbers, so that one in place of a text is not taken for a text.
 *
 * @throws SyntaxError where the text is not JSON, RangeError where it is too deep to be read twice.
 */
export function parseLossless(text: string, longFields: readonly string[]): unknown {
  const value: unknown = JSON.parse(text);
  // A second reading costs several times the first, and few answers need it: nothing beyond 2^53 rounds back to a safe integer.
  if (!mayHaveLost(value, longFields)) return value;
  return JSON.parse(text, (name: string, inner: unknown, { source = '' }: { source?: string } = {}) =>
    isUnsafe(inner) && longFields.includes(name) && /^-?\d+$/.test(source) ? source : inner,
  );
}

// Longs stand in the envelope and in what it holds: two levels, so that the depth of what was sent does not matter.
function mayHaveLost(value: unknown, longFields: readonly string[]): boolean {
  if (!isHolder(value)) return false;
  const hasUnsafe = (holder: Holder) => longFields.some((name) => isUnsafe(holder[name]));
  return hasUnsafe(value) || Object.values(value).some((inner) => isHolder(inner) && hasUnsafe(inner));
}

type Holder = Readonly<Record<string, unknown>>;
const isHolder = (value: unknown): value is Holder => typeof value === 'object' && value !== null;
const isUnsafe = (value: unknown) => typeof value === 'number' && !Number.isSafeInteger(value);
