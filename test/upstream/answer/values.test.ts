import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { valueDrift } from '../../../src/upstream/answer/value-drift.ts';
import type { FieldType } from '../../../src/upstream/contract.ts';
import {
  decodeCount,
  decodeFlag,
  decodeInt,
  decodeLong,
  decodeReference,
  decodeText,
  decodeUnixMilliseconds,
  decodeUnixSeconds,
  type Decoded,
} from '../../../src/upstream/answer/values.ts';

/** A raw value and its decoded value; `fails` if it cannot be decoded. */
type Row = readonly [raw: unknown, decoded: unknown];
const fails = Symbol('fails');
const valueOf = (decoded: Decoded<unknown>) => (decoded.ok ? decoded.value : fails);

interface Table {
  readonly decode: (raw: unknown) => Decoded<unknown>;
  readonly type: FieldType;
  readonly rows: readonly Row[];
}

const tables: Readonly<Record<string, Table>> = {
  'a long': {
    decode: decodeLong,
    type: 'long',
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
    type: 'reference',
    rows: [
      [0, null],
      ['0', null],
      [2001, '2001'],
      ['9223372036854775807', '9223372036854775807'],
      ['9223372036854775808', fails],
      [-1, null],
      ['-1', null],
      ['-9223372036854775808', null],
      ['-99999999999999999999', null],
      [-1e300, null],
      ['-0', fails],
      ['-01', fails],
      [-1.5, fails],
      ['x', fails],
    ],
  },
  'a moment in Unix seconds': {
    decode: decodeUnixSeconds,
    type: 'seconds',
    rows: [
      [0, null],
      ['0', null],
      [1_715_600_000, '2024-05-13T11:33:20Z'],
      ['1715600000', '2024-05-13T11:33:20Z'],
      [-1, null],
      ['-1', null],
      [-62_135_596_800, null],
      ['-9223372036854775809', null],
      [-Infinity, null],
      [-1.5, fails],
      [1, fails],
      [946_684_799, fails],
      [946_684_800, '2000-01-01T00:00:00Z'],
      ['946684799', fails],
      [1_715_600_000_000, fails],
      ['1715600000000', fails],
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
    type: 'milliseconds',
    rows: [
      [0, null],
      [1_774_514_768_581, '2026-03-26T08:46:08.581Z'],
      ['1774514768581', '2026-03-26T08:46:08.581Z'],
      [1_774_514_768_000, '2026-03-26T08:46:08Z'],
      [1_774_514_768, fails],
      ['1715600000', fails],
      [1, fails],
      [946_684_799_999, fails],
      [946_684_800_000, '2000-01-01T00:00:00Z'],
      [-1, null],
      [-62_135_596_800_000, null],
      [253_402_300_799_999, '9999-12-31T23:59:59.999Z'],
      [253_402_300_800_000, fails],
      [0.5, fails],
    ],
  },
  'a whole number': {
    decode: decodeInt,
    type: 'int',
    rows: [
      [0, 0],
      [-1, -1],
      [2_147_483_647, 2_147_483_647],
      [-2_147_483_648, -2_147_483_648],
      [-2_147_483_649, fails],
      [2_147_483_648, fails],
      [1.5, fails],
      [NaN, fails],
      ['1', fails],
      [true, fails],
    ],
  },
  'a count': {
    decode: decodeCount,
    type: 'count',
    rows: [
      [0, 0],
      [-0, -0],
      [-1, null],
      [2_147_483_647, 2_147_483_647],
      [-2_147_483_648, null],
      [-2_147_483_649, null],
      [-1e30, null],
      [-Infinity, null],
      [Infinity, fails],
      [-0.5, fails],
      ['-1', fails],
      [2_147_483_648, fails],
      [1.5, fails],
      [NaN, fails],
      ['1', fails],
      [true, fails],
    ],
  },
  'a text': {
    decode: decodeText,
    type: 'text',
    rows: [
      ['', ''],
      ['产品发布会', '产品发布会'],
      ['会😀', '会😀'],
      ['half a \ud83d', 'half a \ufffd'],
      ['\ude00 the other half', '\ufffd the other half'],
      ['\ude00\ud83d', '\ufffd\ufffd'],
      [1, fails],
      [false, fails],
      [['a'], fails],
    ],
  },
  'a flag': {
    decode: decodeFlag,
    type: 'flag',
    rows: [
      [true, true],
      [false, false],
      [0, fails],
      [1, fails],
      ['true', fails],
    ],
  },
};

/** Values near the limits of the types, and arbitrary ones. */
const anyValue = fc.oneof(
  fc.constantFrom(...Object.values(tables).flatMap(({ rows }) => rows.map(([raw]) => raw))),
  fc
    .integer({ min: -2, max: 2 })
    .chain((off) =>
      fc
        .constantFrom(0, 946_684_800, 253_402_300_799, 946_684_800_000, 2 ** 31, -(2 ** 31), 2 ** 53)
        .map((near) => near + off),
    ),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
  fc.string({ unit: 'binary' }),
  fc.double(),
  fc.anything(),
);

describe.each(Object.entries(tables))('%s', (_name, { decode, type, rows }) => {
  it.each([null, undefined])('that is %s is null', (absent) => {
    expect(decode(absent)).toEqual({ ok: true, value: null });
  });

  it.each(rows)('that is sent as %j is %s', (raw, decoded) => {
    expect(valueOf(decode(raw))).toBe(decoded);
  });

  it('is reported as drift if and only if it is served differently, or not at all', () => {
    fc.assert(
      fc.property(
        anyValue.filter((raw) => raw !== null && raw !== undefined),
        (raw) => {
          const served = valueOf(decode(raw));
          // In the contract, 0 means that there is no value.
          const isNone = served === null && (raw === 0 || raw === '0');
          const isAsItCame =
            isNone || (served !== null && served !== fails && (type !== 'text' || served === raw));
          expect(valueDrift(raw, type) === undefined).toBe(isAsItCame);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('is described by the expected type, whatever was sent', () => {
    fc.assert(
      fc.property(fc.anything(), (raw) => {
        const decoded = decode(raw);
        if (!decoded.ok) expect(decoded.wanted).toMatch(/^(?:a |text|true or false)/);
      }),
    );
  });
});

describe('every moment', () => {
  it('of the years 2000 to 9999 is decoded to the same moment', () => {
    fc.assert(
      fc.property(fc.integer({ min: 946_684_800, max: 253_402_300_799 }), (seconds) => {
        const text = valueOf(decodeUnixSeconds(seconds));
        expect(Date.parse(String(text)) / 1000).toBe(seconds);
      }),
    );
  });
});

describe('every 64-bit integer', () => {
  it('is the same to the digit, as a text', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        expect(valueOf(decodeLong(String(value)))).toBe(String(value));
      }),
    );
  });
});
