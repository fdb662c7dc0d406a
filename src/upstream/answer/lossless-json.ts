import { isObject } from '../../base/is-object.ts';
import type { Longs } from './longs.ts';

/**
 * JSON.parse, except that an integer beyond 2^53 in a field of the contract's type `long` becomes a string of its digits. Other numbers
 * stay numbers, so that a number in place of a text is still detected.
 *
 * @throws SyntaxError where the text is not JSON.
 */
export function parseLossless(text: string, longs: Longs | undefined): unknown {
  const value: unknown = JSON.parse(text);
  // A second parse costs as much as the first, and few answers need it. The check is exact: no integer beyond 2^53 is parsed as a safe one.
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
      if (!isObject(value)) return false;
      for (const { name, longs: inner } of longs.fields) if (hasLost(value[name], inner)) return true;
      return false;
    default:
      return longs satisfies never;
  }
}

/** @param digits the same value, but with every integer of 16 digits or more as a string. */
function withDigits(value: unknown, digits: unknown, longs: Longs): unknown {
  if (!hasLost(value, longs)) return value;
  if (Array.isArray(value) && Array.isArray(digits) && longs.kind === 'list')
    return value.map((item, at) => withDigits(item, digits[at], longs.of));
  if (isObject(value) && isObject(digits) && longs.kind === 'record') {
    const exact = longs.fields
      .filter(({ name }) => Object.hasOwn(value, name))
      .map(({ name, longs: inner }) => [name, withDigits(value[name], digits[name], inner)] as const);
    return { ...value, ...Object.fromEntries(exact) };
  }
  // A number with a fraction or an exponent was not quoted: the parsed value stays.
  return longs.kind === 'long' && typeof digits === 'string' ? digits : value;
}

const minDigits = 16;
// An integer of 16 digits or more, without a fraction or an exponent.
const longInteger = /(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;

// For valid JSON only. Not by a reviver, which visits every value and takes ten times as long. Not by an expression that matches whole
// strings, which overflows the stack for a string of megabytes.
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
