/**
 * JSON.parse, but for long integers: where a field of one of these names is an integer beyond 2^53, its value is its digits as a
 * string. Other numbers stay numbers, so that one in place of a text is not taken for a text.
 *
 * @throws SyntaxError where the text is not JSON, RangeError where it is too deep to be read twice.
 */
export function parseLossless(text: string, longFields: ReadonlySet<string>): unknown {
  const value: unknown = JSON.parse(text);
  // A second reading costs several times the first, and few answers need it: nothing beyond 2^53 rounds back to a safe integer.
  if (!hasUnsafeLong(value, longFields)) return value;
  return JSON.parse(text, (name, inner: unknown, { source }: { source?: string } = {}) => {
    const isLong = typeof inner === 'number' && longFields.has(name) && !Number.isSafeInteger(inner);
    return isLong && source !== undefined && /^-?\d+$/.test(source) ? source : inner;
  });
}

// Longs stand in the envelope and in its record: two levels, so that the depth of what was sent does not matter.
function hasUnsafeLong(value: unknown, longFields: ReadonlySet<string>, levels = 2): boolean {
  if (typeof value !== 'object' || value === null) return false;
  for (const [name, inner] of Object.entries(value)) {
    if (typeof inner === 'number' && longFields.has(name) && !Number.isSafeInteger(inner)) return true;
    if (levels > 1 && hasUnsafeLong(inner, longFields, levels - 1)) return true;
  }
  return false;
}
