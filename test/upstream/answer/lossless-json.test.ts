import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLossless } from '../../../src/upstream/answer/lossless-json.ts';

const long = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const isSafe = (value: bigint) => Number.isSafeInteger(Number(value));

// By its text: it tells the order of keys, own `__proto__` keys and digits, which a comparison of objects would not.
const textOf = (value: unknown) => JSON.stringify(value);

describe('a JSON text', () => {
  it('parses as JSON.parse does, whatever it is, where no name is that of a long field', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(textOf(parseLossless(text, []))).toBe(textOf(JSON.parse(text)));
      }),
      { numRuns: 2000 },
    );
  });

  it('parses as JSON.parse does beside a long field that has to be read twice', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const parsed = parseLossless(`{"hostId":9007199254740993,"rest":${text}}`, ['hostId']);
        expect(textOf(parsed)).toBe(textOf({ hostId: '9007199254740993', rest: JSON.parse(text) }));
      }),
      { numRuns: 2000 },
    );
  });

  it('fails exactly where JSON.parse fails', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:0123456789.eE+-truefalsn \\u') }), (text) => {
        const parse = (read: () => unknown) => {
          try {
            return textOf(read());
          } catch (error) {
            return (error as Error).name;
          }
        };
        expect(parse(() => parseLossless(text, ['hostId']))).toBe(parse(() => JSON.parse(text)));
      }),
      { numRuns: 5000 },
    );
  });
});

describe('a long field', () => {
  it.each([
    { where: 'the envelope', wrap: (digits: string) => `{"hostId":${digits}}` },
    { where: 'what the envelope holds', wrap: (digits: string) => `{"result":{"hostId":${digits}}}` },
  ])('of $where keeps every 64-bit integer to the digit', ({ wrap }) => {
    fc.assert(
      fc.property(long, (value) => {
        const parsed = parseLossless(wrap(String(value)), ['hostId']);
        const kept = isSafe(value) ? Number(value) : String(value);
        expect(textOf(parsed)).toBe(wrap(textOf(kept)));
      }),
      {
        numRuns: 5000,
        examples: [[2n ** 53n - 1n], [2n ** 53n], [2n ** 53n + 1n], [-(2n ** 53n)], [-(2n ** 63n)]],
      },
    );
  });

  it.each(['1e400', '1.5e300', '9007199254740993.5', '1e16'])(
    'that is written %s stays a number',
    (written) => {
      expect(parseLossless(`{"hostId":${written}}`, ['hostId'])).toEqual({ hostId: Number(written) });
    },
  );

  it('is known by its name alone: its neighbours stay as they are', () => {
    expect(parseLossless('{"hostId":9007199254740993,"attendeeCnt":9007199254740993}', ['hostId'])).toEqual({
      hostId: '9007199254740993',
      attendeeCnt: 9_007_199_254_740_992,
    });
  });
});
