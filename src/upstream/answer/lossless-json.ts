import { isObject } from '../../base/is-object.ts';
import type { Longs } from './longs.ts';

/**
 * JSON.parse, but for long integers: where the contract has one and an integer beyond 2^53 came, the value is its digits as a
 * string. Other numbers stay numbers, so that one in place of a text is not taken for a text.
 *
 * @throws SyntaxError where the text is not JSON.
 */
export function parseLossless(text: string, longs: Longs | undefined): unknown {
  const value: unknown = JSON.parse(text);
  // A second reading costs as much as the first, and few answers need it: nothing beyond 2^53 rounds back to a safe integer.
  if (!longs || !hasLost(value, longs)) return value;
  return withDigits(value, JSON.parse(quoteLongIntegers(text)), longs);
}

function hasLost(value: unknown, longs: Longs): boolean {
  switch (longs.kind) {
    case 'long':
      return typeof value === 'number' && !Number.isSafeInteger(value);
    case 'list':
      return Array.isArray(value) && value.some((item) => hasLost(item, longs.of));
    case 'record':
      return isObject(value) && longs.fields.some(([name, inner]) => hasLost(value[name], inner));
    default:
      return longs satisfies never;
  }
}

/** @param digits the same value, in which every integer of many digits is a string. */
function withDigits(value: unknown, digits: unknown, longs: Longs): unknown {
  if (!hasLost(value, longs)) return value;
  if (Array.isArray(value) && Array.isArray(digits) && longs.kind === 'list')
    return value.map((item, at) => withDigits(item, digits[at], longs.of));
  if (isObject(value) && isObject(digits) && longs.kind === 'record') {
    const exact = longs.fields
      .filter(([name]) => Object.hasOwn(value, name))
      .map(([name, inner]) => [name, withDigits(value[name], digits[name], inner)] as const);
    return { ...value, ...Object.fromEntries(exact) };
  }
  // A fraction or an exponent has no digits of an integer: what came stays.
  return longs.kind === 'long' && typeof digits === 'string' ? digits : value;
}

const minDigits = 16;
// Without a fraction and an exponent.
const longInteger = /(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;

// In a text that is JSON. No reviver, which visits every value and takes ten times as long; no expression that matches whole
// strings, which has no stack for one of megabytes.
function quoteLongIntegers(text: string): string {
  let quoted = '';
  let done = 0;
  for (let at = 0; at < text.length;) {
    const opening = text.indexOf('"', at);
    const opens = opening < 0 ? text.length : opening;
    if (opens - at >= minDigits) {
      quoted += text.slice(done, at) + text.slice(at, opens).replace(longInteger, '"$&"');
      done = opens;
    }
    at = endOfString(text, opens);
  }
  return quoted + text.slice(done);
}

function endOfString(text: string, opens: number): number {
  for (let at = opens + 1; at < text.length; at += 1) {
    at = text.indexOf('"', at);
    if (!isEscaped(text, at)) return at + 1;
  }
  return text.length;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}
