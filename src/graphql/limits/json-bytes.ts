/**
 * The size of a value as JSON, in bytes of UTF-8: exact for scalars; two bytes for an object, whose fields count themselves; for a list,
 * its items, commas and brackets.
 */
export function jsonBytes(value: unknown): number {
  if (typeof value === 'string') return textBytes(value);
  if (value === null || value === undefined) return 4;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value).length;
  let bytes = 2;
  if (Array.isArray(value)) for (const item of value) bytes += jsonBytes(item) + 1;
  return bytes;
}

// Characters that JSON escapes: a control character can take six bytes.
// oxlint-disable-next-line no-control-regex -- It searches for control characters.
const escaped = /["\\\u0000-\u001f\ud800-\udfff]/;

function textBytes(text: string): number {
  return escaped.test(text) ? Buffer.byteLength(JSON.stringify(text)) : Buffer.byteLength(text) + 2;
}
