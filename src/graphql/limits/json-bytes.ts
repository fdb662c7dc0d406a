/**
 * Bytes of UTF-8 that a value takes in JSON: exact for what is no object, two brackets for an object, and for a list what it
 * holds besides.
 */
export function jsonBytes(value: unknown): number {
  if (typeof value === 'string') return textBytes(value);
  if (value === null || value === undefined) return 4;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value).length;
  let bytes = 2;
  if (Array.isArray(value)) for (const item of value) bytes += jsonBytes(item) + 1;
  return bytes;
}

// What JSON writes otherwise than it is: a control character may take six bytes.
// oxlint-disable-next-line no-control-regex -- Control characters are what is looked for.
const escaped = /["\\\u0000-\u001f\ud800-\udfff]/;

function textBytes(text: string): number {
  return escaped.test(text) ? Buffer.byteLength(JSON.stringify(text)) : Buffer.byteLength(text) + 2;
}
