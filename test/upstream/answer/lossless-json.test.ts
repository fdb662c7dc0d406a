import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longsOf } from '../../../src/upstream/answer/longs.ts';
import { parseLossless } from '../../../src/upstream/answer/lossless-json.ts';

const fields = { hostId: { type: 'long', meaning: '' } } as const;
const hostId = longsOf({ type: 'record', fields });
const inResult = longsOf({ type: 'record', fields: { result: { type: 'record', fields, meaning: '' } } });

const long = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const isSafe = (value: bigint) => Number.isSafeInteger(Number(value));

// Texts are compared, because they show the order of keys, own `__proto__` keys and digits. A comparison of objects does not.
const textOf = (value: unknown) => JSON.stringify(value);

describe('a JSON text', () => {
  it('parses as with JSON.parse, whatever it contains, if it has no long field', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(textOf(parseLossless(text, undefined))).toBe(textOf(JSON.parse(text)));
      }),
      { numRuns: 2000 },
    );
  });

  it('parses as with JSON.parse around a long field that has to be read twice', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const parsed = parseLossless(`{"hostId":9007199254740993,"rest":${text}}`, hostId);
        expect(textOf(parsed)).toBe(textOf({ hostId: '9007199254740993', rest: JSON.parse(text) }));
      }),
      { numRuns: 2000 },
    );
  });

  it('fails if and only if JSON.parse fails', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:0123456789.eE+-truefalsn \\u') }), (text) => {
        const parse = (read: () => unknown) => {
          try {
            return textOf(read());
          } catch (error) {
            return (error as Error).name;
          }
        };
        expect(parse(() => parseLossless(text, hostId))).toBe(parse(() => JSON.parse(text)));
      }),
      { numRuns: 5000 },
    );
  });
});

describe('a long field', () => {
  it.each([
    { where: 'the envelope', longs: hostId, wrap: (digits: string) => `{"hostId":${digits}}` },
    {
      where: 'what the envelope holds',
      longs: inResult,
      wrap: (digits: string) => `{"result":{"hostId":${digits}}}`,
    },
  ])('of $where keeps every 64-bit integer to the digit', ({ longs, wrap }) => {
    fc.assert(
      fc.property(long, (value) => {
        const parsed = parseLossless(wrap(String(value)), longs);
        const kept = isSafe(value) ? Number(value) : String(value);
        expect(textOf(parsed)).toBe(wrap(textOf(kept)));
      }),
      {
        numRuns: 5000,
        examples: [[2n ** 53n - 1n], [2n ** 53n], [2n ** 53n + 1n], [-(2n ** 53n)], [-(2n ** 63n)]],
      },
    );
  });

  it.each([
    '1e400',
    '1.5e300',
    '9007199254740993.5',
    '1e16',
    '12345678901234567e2',
    '1.12345678901234567',
    '-1e12345678901234567',
  ])('that is written as %s stays a number', (written) => {
    expect(parseLossless(`{"hostId":${written}}`, hostId)).toEqual({ hostId: Number(written) });
  });

  it('is found by its path: other fields, and fields of the same name elsewhere, are unchanged', () => {
    const text =
      '{"hostId":9007199254740993,"title":9007199254740993,"more":{"hostId":9007199254740993},"list":[{"hostId":9007199254740993}]}';
    const lost = 9_007_199_254_740_992;
    expect(parseLossless(text, hostId)).toEqual({
      hostId: '9007199254740993',
      title: lost,
      more: { hostId: lost },
      list: [{ hostId: lost }],
    });
  });

  it('keeps its digits in a list and in a record in a list, at any depth', () => {
    const ids = { type: 'list', of: { type: 'long' }, meaning: '' } as const;
    const inner = { type: 'list', of: { type: 'record', fields: { ids } }, meaning: '' } as const;
    const outer = { type: 'list', of: { type: 'record', fields: { inner } }, meaning: '' } as const;
    const longs = longsOf({ type: 'record', fields: { ids, outer } });
    const text =
      '{"ids":[1,9007199254740993],"outer":[null,{"inner":[{"ids":[9223372036854775807,-9223372036854775808]},7]}]}';
    expect(parseLossless(text, longs)).toEqual({
      ids: [1, '9007199254740993'],
      outer: [null, { inner: [{ ids: ['9223372036854775807', '-9223372036854775808'] }, 7] }],
    });
  });

  it('does not change texts that contain something similar', () => {
    const title = String.raw`,9007199254740993, "\" :9007199254740993${'\\'}`;
    const parsed = parseLossless(`{"title":${JSON.stringify(title)},"hostId":9007199254740993}`, hostId);
    expect(parsed).toEqual({ title, hostId: '9007199254740993' });
  });
});
