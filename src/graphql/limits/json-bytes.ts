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

// What JSON.stringify writes, without writing it: a control character may take six bytes, and a character of one byte here two there.
function textBytes(text: string): number {
  let bytes = text.length + 2;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) {
      if (unit < 0x20) bytes += shortEscapes.has(unit) ? 1 : 5;
      else if (unit === quote || unit === backslash) bytes += 1;
    } else if (unit < 0x8_00) bytes += 1;
    else if (unit < 0xd8_00 || unit > 0xdf_ff) bytes += 2;
    // Each half of a pair has two of its four bytes; alone, a half is written as six characters.
    else if (isPaired(text, at, unit)) bytes += 1;
    else bytes += 5;
  }
  return bytes;
}

function isPaired(text: string, at: number, unit: number): boolean {
  // Beyond either end charCodeAt is NaN, which is in no range.
  const other = text.charCodeAt(unit < 0xdc_00 ? at + 1 : at - 1);
  return unit < 0xdc_00 ? other >= 0xdc_00 && other <= 0xdf_ff : other >= 0xd8_00 && other <= 0xdb_ff;
}

const quote = 0x22;
const backslash = 0x5c;
// \b \t \n \f \r
const shortEscapes = new Set([0x08, 0x09, 0x0a, 0x0c, 0x0d]);
