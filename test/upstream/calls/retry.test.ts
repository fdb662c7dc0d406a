import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Exchanged } from '../../../src/upstream/exchange/exchange.ts';
import { createRetryBudget, retryDelay } from '../../../src/upstream/calls/retry.ts';

const wallNowMs = Date.parse('2026-11-25T01:00:00Z');
const answered = (httpStatus: number, retryAfter?: string): Exchanged => ({
  kind: 'answered',
  httpStatus,
  contentType: undefined,
  contentEncoding: undefined,
  retryAfter,
  body: new Uint8Array(),
});
const broken: Exchanged = { kind: 'broken', code: 'ECONNRESET' };

describe('the backoff before the retry of a call', () => {
  it.each<{ what: string; exchanged: Exchanged; delayMs: number | undefined }>([
    { what: 'an answer that broke off', exchanged: broken, delayMs: 25 },
    { what: 'a 502', exchanged: answered(502), delayMs: 25 },
    { what: 'a 503', exchanged: answered(503), delayMs: 25 },
    { what: 'a 504', exchanged: answered(504), delayMs: 25 },
    { what: 'a 503 that asks for 2 seconds', exchanged: answered(503, '2'), delayMs: 2000 },
    { what: 'a 503 that asks for none', exchanged: answered(503, '0'), delayMs: 0 },
    {
      what: 'a 503 with a date',
      exchanged: answered(503, 'Wed, 25 Nov 2026 01:00:03 GMT'),
      delayMs: 3000,
    },
    {
      what: 'a 503 with a date in the past',
      exchanged: answered(503, 'Wed, 25 Nov 2026 00:59:00 GMT'),
      delayMs: 0,
    },
    { what: 'a 503 with an invalid Retry-After', exchanged: answered(503, 'soon'), delayMs: 25 },
    { what: 'a 503 that asks for too much', exchanged: answered(503, '10'), delayMs: undefined },
    { what: 'a 429 that asks for 1 second', exchanged: answered(429, '1'), delayMs: 1000 },
    { what: 'a 429 that asks for too much', exchanged: answered(429, '5'), delayMs: undefined },
    { what: 'a 429 without Retry-After', exchanged: answered(429), delayMs: undefined },
    { what: 'a 429 with an invalid Retry-After', exchanged: answered(429, 'soon'), delayMs: undefined },
    { what: 'a 429 that asks for a fraction', exchanged: answered(429, '1.5'), delayMs: undefined },
    { what: 'a 429 that asks for a negative time', exchanged: answered(429, '-1'), delayMs: undefined },
    ...[200, 204, 301, 400, 401, 403, 404, 408, 409, 425, 500, 501, 505, 999].map((httpStatus) => ({
      what: `a ${httpStatus}`,
      exchanged: answered(httpStatus, '0'),
      delayMs: undefined,
    })),
    {
      what: 'an answer that is not HTTP',
      exchanged: { kind: 'unusable', reason: 'framing', detail: '' },
      delayMs: undefined,
    },
    { what: 'a client that has left', exchanged: { kind: 'aborted' }, delayMs: undefined },
  ])('after $what is $delayMs ms, with 5 s left', ({ exchanged, delayMs }) => {
    expect(retryDelay(exchanged, { isStale: false, leftMs: 5000, wallNowMs, random: () => 0.5 })).toBe(
      delayMs,
    );
  });

  it('is a random time from 0 to 50 ms if the upstream sends no Retry-After', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (chance) => {
        const delayMs = retryDelay(broken, { isStale: false, leftMs: 5000, wallNowMs, random: () => chance });
        expect(delayMs).toBeGreaterThanOrEqual(0);
        expect(delayMs).toBeLessThan(50);
      }),
    );
    expect(retryDelay(broken, { isStale: false, leftMs: 5000, wallNowMs, random: () => 0 })).toBe(0);
    expect(retryDelay(broken, { isStale: false, leftMs: 5000, wallNowMs, random: () => 0.999 })).toBeCloseTo(
      49.95,
    );
  });

  it.each([
    { leftMs: 75, delayMs: 25 },
    { leftMs: 74, delayMs: undefined },
    { leftMs: 0, delayMs: undefined },
    { leftMs: -1, delayMs: undefined },
  ])('leaves at least 50 ms for the answer: with $leftMs ms left it is $delayMs', ({ leftMs, delayMs }) => {
    expect(retryDelay(broken, { isStale: false, leftMs, wallNowMs, random: () => 0.5 })).toBe(delayMs);
  });

  it('is none after a stale connection, but for that 50 ms have to be left, too', () => {
    expect(retryDelay(broken, { isStale: true, leftMs: 50, wallNowMs, random: () => 0.5 })).toBe(0);
    expect(retryDelay(broken, { isStale: true, leftMs: 49, wallNowMs, random: () => 0.5 })).toBeUndefined();
  });
});

describe('the retry budget', () => {
  it('starts full, gains a tenth for each first attempt and never has more than at first', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.array(fc.constantFrom<'gain' | 'spend'>('gain', 'spend'), { maxLength: 500 }),
        (max, steps) => {
          const budget = createRetryBudget(max);
          let tenths = max * 10;
          for (const step of steps) {
            if (step === 'gain') {
              budget.gain();
              tenths = Math.min(max * 10, tenths + 1);
            } else {
              expect(budget.spend()).toBe(tenths >= 10);
              if (tenths >= 10) tenths -= 10;
            }
          }
        },
      ),
    );
  });

  it('allows retries of at most a tenth, beyond its first content, if all calls fail', () => {
    const budget = createRetryBudget(64);
    let repeats = 0;
    for (let nth = 0; nth < 10_000; nth++) {
      budget.gain();
      if (budget.spend()) repeats += 1;
    }
    expect(repeats).toBeGreaterThan(1000);
    expect(repeats).toBeLessThanOrEqual(1064);
  });
});
