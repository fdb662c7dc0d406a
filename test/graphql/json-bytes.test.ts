import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonBytes } from '../../src/graphql/limits/json-bytes.ts';

const units = fc.constantFrom('a', '"', '\\', '\n', '\u0001', '\u007f', 'é', '拢', '😀', '\ud83d', '\ude00');
const scalar = fc.oneof(
  fc.string({ unit: units }),
  fc.string({ unit: 'binary' }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);

it('a scalar takes as many bytes as JSON.stringify writes', () => {
  fc.assert(
    fc.property(scalar, (value) => {
      // JSON has one zero only.
      const written = Object.is(value, -0) ? 0 : value;
      expect(jsonBytes(value)).toBe(Buffer.byteLength(JSON.stringify(written)));
    }),
    { numRuns: 2000 },
  );
});

it('a list of scalars takes at most one byte more than that', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: units })), (list) => {
      const written = Buffer.byteLength(JSON.stringify(list));
      expect(jsonBytes(list) - written).toBe(list.length === 0 ? 0 : 1);
    }),
  );
});
