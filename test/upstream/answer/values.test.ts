import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeFlag,
  decodeInt,
  decodeLong,
  decodeReference,
  decodeText,
  decodeUnixMilliseconds,
  decodeUnixSeconds,
  type Decoded,
} from '../../../src/upstream/answer/values.ts';

/** What came, and the value that it is; `fails` where it can be none. */
type Row = readonly [raw: unknown, decoded: unknown];
const fails = Symbol('fails');
const valueOf = (decoded: Decoded<unknown>) => (decoded.ok ? decoded.value : fails);

const tables: Readonly<Record<string, { decode: (raw: unknown) => Decoded<unknown>; rows: readonly Row[] }>> =
  {
    'a long': {
      decode: decodeLong,
      rows: [
        [0, '0'],
        [-0, '0'],
        ['0', '0'],
        [-1, '-1'],
        [10_001, '10001'],
        ['9007199254740993', '9007199254740993'],
        ['9223372036854775807', '9223372036854775807'],
        ['-9223372036854775808', '-9223372036854775808'],
        ['9223372036854775808', fails],
        ['-9223372036854775809', fails],
        [2 ** 53, fails],
        [1.5, fails],
        [Infinity, fails],
        ['', fails],
        ['-0', fails],
        ['007', fails],
        ['+7', fails],
        [' 7', fails],
        ['7\n', fails],
        ['0x7', fails],
        ['1e3', fails],
        ['７', fails],
        [true, fails],
        [[7], fails],
        [{}, fails],
      ],
    },
    'a reference': {
      decode: decodeReference,
      rows: [
        [0, null],
        ['0', null],
        [2001, '2001'],
        [-1, '-1'],
        ['x', fails],
      ],
    },
    'a moment in Unix seconds': {
      decode: decodeUnixSeconds,
      rows: [
        [0, null],
        ['0', null],
        [1_715_600_000, '2024-05-13T11:33:20Z'],
        ['1715600000', '2024-05-13T11:33:20Z'],
        [-1, '1969-12-31T23:59:59Z'],
        [-62_135_596_800, '0001-01-01T00:00:00Z'],
        [-62_135_596_801, fails],
        [253_402_300_799, '9999-12-31T23:59:59Z'],
        [253_402_300_800, fails],
        ['9223372036854775807', fails],
        [1.5, fails],
        ['2024-05-13', fails],
        [true, fails],
      ],
    },
    'a moment in Unix milliseconds': {
      decode: decodeUnixMilliseconds,
      rows: [
        [0, null],
        [1_774_514_768_581, '2026-03-26T08:46:08.581Z'],
        ['1774514768581', '2026-03-26T08:46:08.581Z'],
        [1_774_514_768_000, '2026-03-26T08:46:08Z'],
        [253_402_300_799_999, '9999-12-31T23:59:59.999Z'],
        [253_402_300_800_000, fails],
        [0.5, fails],
      ],
    },
    'a counter': {
      decode: decodeInt,
      rows: [
        [0, 0],
        [-1, -1],
        [2_147_483_647, 2_147_483_647],
        [-2_147_483_648, -2_147_483_648],
        [2_147_483_648, fails],
        [1.5, fails],
        [NaN, fails],
        ['1', fails],
        [true, fails],
      ],
    },
    'a text': {
      decode: decodeText,
      rows: [
        ['', ''],
        ['产品发布会', '产品发布会'],
        [1, fails],
        [false, fails],
        [['a'], fails],
      ],
    },
    'a flag': {
      decode: decodeFlag,
      rows: [
        [true, true],
        [false, false],
        [0, fails],
        [1, fails],
        ['true', fails],
      ],
    },
  };

describe.each(Object.entries(tables))('%s', (_name, { decode, rows }) => {
  it.each([null, undefined])('that is %s is null', (absent) => {
    expect(decode(absent)).toEqual({ ok: true, value: null });
  });

  it.each(rows)('that came as %j is %s', (raw, decoded) => {
    expect(valueOf(decode(raw))).toBe(decoded);
  });

  it('is told by what it should have been, whatever came', () => {
    fc.assert(
      fc.property(fc.anything(), (raw) => {
        const decoded = decode(raw);
        if (!decoded.ok) expect(decoded.wanted).toMatch(/^(?:a |text|true or false)/);
      }),
    );
  });
});

describe('every moment', () => {
  it('of the years 1 to 9999 is the same moment again', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }).filter((s) => s !== 0),
        (seconds) => {
          const text = valueOf(decodeUnixSeconds(seconds));
          expect(Date.parse(String(text)) / 1000).toBe(seconds);
        },
      ),
    );
  });
});

describe('every 64-bit integer', () => {
  it('is the same to the digit, written as a text', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        expect(valueOf(decodeLong(String(value)))).toBe(String(value));
      }),
    );
  });
});
