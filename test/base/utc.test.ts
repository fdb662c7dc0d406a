import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utcText } from '../../src/base/utc.ts';

const firstMs = Date.UTC(2000, 0);
const lastMs = Date.UTC(10_000, 0) - 1;
const textOfDate = (ms: number) => new Date(ms).toISOString();

describe('the text of a moment', () => {
  it('is that of Date', () => {
    fc.assert(
      fc.property(fc.integer({ min: -8.64e15, max: 8.64e15 }), (ms) => {
        expect(utcText(ms)).toBe(textOfDate(ms));
      }),
    );
  });

  it('is that of Date in each second of a day, and in each millisecond of a second', () => {
    const day = Date.UTC(2024, 1, 29);
    for (let second = 0; second < 86_400; second += 1)
      if (utcText(day + second * 1000) !== textOfDate(day + second * 1000)) expect.fail(String(second));
    for (let ms = 0; ms < 1000; ms += 1) expect(utcText(day + ms)).toBe(textOfDate(day + ms));
  });

  it.each([0, -1, firstMs, lastMs, Date.UTC(2024, 1, 29), Date.UTC(2025, 1, 28, 23, 59, 59, 999)])(
    'is that of Date for %d',
    (ms) => {
      expect(utcText(ms)).toBe(textOfDate(ms));
    },
  );

  it('stays right when thousands of days have been asked for', () => {
    for (let ms = firstMs; ms < lastMs; ms += 86_400_000 * 97) expect(utcText(ms)).toBe(textOfDate(ms));
  });
});
