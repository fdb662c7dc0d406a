import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UpstreamFailure } from '../../../src/upstream/failures.ts';
import { answer, openAdmission } from '../../support/admission.ts';

const timedOut: UpstreamFailure = { kind: 'timeout' };
const tokenRefused: UpstreamFailure = { kind: 'unauthenticated', answered: { httpStatus: 401 } };
const failed: UpstreamFailure = {
  kind: 'unavailable',
  reason: 'http-status',
  answered: { httpStatus: 500 },
};

describe('a caller whose calls hang', () => {
  it('loses one that is over 500 ms old for each waiting caller without a running call', async () => {
    const line = openAdmission({ concurrency: 8, queue: 100 });
    await line.enterMany(12, 'hangs');
    for (const caller of ['a', 'b', 'c']) await line.enterMany(2, caller);
    line.clock.advance(500);
    await line.settle();
    expect(line.hung).toEqual([]);
    line.clock.advance(50);
    await line.settle();
    expect(line.hung).toEqual(Array(3).fill('hangs'));
    expect(line.served.slice(8)).toEqual(['a', 'b', 'c']);
    expect(line.admission.inFlight).toBe(8);
  });

  it('loses one at once to a caller that comes when it is that old', async () => {
    const line = openAdmission({ concurrency: 8, queue: 100 });
    await line.enterMany(8, 'hangs');
    line.clock.advance(501);
    await line.enterMany(1, 'a');
    expect(line.served.at(-1)).toBe('a');
    expect(line.hung).toEqual(['hangs']);
  });

  it('loses none while no other caller waits, and may use the whole concurrency', async () => {
    const line = openAdmission({ concurrency: 8, queue: 100 });
    await line.enterMany(20, 'hangs');
    line.clock.advance(4000);
    expect(line.hung).toEqual([]);
    expect(line.admission).toMatchObject({ inFlight: 8, waiting: 12 });
  });

  it('loses none to a caller that has a running call, and never loses its last one', async () => {
    const line = openAdmission({ concurrency: 2, queue: 100 });
    await line.enterMany(1, 'hangs');
    await line.enterMany(2, 'a');
    line.clock.advance(4000);
    await line.enterMany(1, 'b');
    await line.settle();
    expect(line.hung).toEqual([]);
  });

  it('has half of its concurrency afterwards, and the rest is free for others', async () => {
    const line = openAdmission({ concurrency: 8, queue: 100 });
    await line.enterMany(100, 'hangs');
    await line.enterMany(1, 'a');
    line.clock.advance(550);
    await line.settle();
    await line.endOf('a');
    // All of its calls reach their deadline at the same moment. At most four of its next calls may start.
    line.clock.advance(4000);
    for (let nth = 0; nth < 7; nth++) await line.endOf('hangs', timedOut);
    expect(line.admission.inFlight).toBe(4);
    await line.enterMany(1, 'b');
    expect(line.served.at(-1)).toBe('b');
  });

  it('is halved again as long as others wait, down to one call', async () => {
    const line = openAdmission({ concurrency: 8, queue: 100 });
    await line.enterMany(100, 'hangs');
    for (let round = 0; round < 7; round++) {
      await line.enterMany(1, `other ${round}`);
      line.clock.advance(600);
      await line.settle();
    }
    expect(line.hung).toHaveLength(7);
    for (let round = 0; round < 7; round++) await line.endOf(`other ${round}`);
    expect(line.admission.inFlight).toBe(1);
    for (let nth = 0; nth < 50; nth++) await line.endOf('hangs', timedOut);
    expect(line.admission.inFlight).toBe(1);
  });

  it.each([
    { what: 'a call of it has hung', last: timedOut, others: true, turns: 4 },
    { what: 'others ask', last: answer, others: true, turns: 8 },
    { what: 'nobody else asks', last: timedOut, others: false, turns: 8 },
  ])('may have $turns of 8 running calls again after twice the deadline, if $what meanwhile', async (row) => {
    const line = openAdmission({ concurrency: 8, queue: 100 });
    await line.enterMany(8, 'hangs');
    line.clock.advance(501);
    await line.enterMany(1, 'a');
    line.clock.advance(4000);
    for (let nth = 0; nth < 7; nth++) await line.endOf('hangs', row.last);
    await line.endOf('a');
    line.clock.advance(6000);
    if (row.others) {
      await line.enterMany(1, 'a');
      await line.endOf('a');
    } else line.clock.advance(4000);
    await line.enterMany(8, 'hangs');
    expect(line.admission.inFlight).toBe(row.turns);
  });
});

describe('whatever accepted and unknown callers do, and whichever calls hang,', () => {
  const outcomes = [answer, timedOut, tokenRefused, failed];
  const step = fc.record({
    kind: fc.constantFrom('enter', 'enter', 'enter', 'end', 'hang', 'leave'),
    caller: fc.constantFrom('a', 'b', 'c', 'new 1', 'new 2', 'new 3'),
    nth: fc.nat({ max: 30 }),
  });

  it('no more calls than allowed run or wait, each gets one outcome, and nothing is left', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.nat({ max: 12 }),
        fc.array(step, { maxLength: 120 }),
        async (concurrency, queue, steps) => {
          const line = openAdmission({ concurrency, queue });
          const leavers: AbortController[] = [];
          const told: Promise<void>[] = [];
          for (const { kind, caller, nth } of steps) {
            if (kind === 'end') await line.endOne(10, outcomes[nth % outcomes.length]);
            else if (kind === 'hang') line.clock.advance(600);
            else if (kind === 'leave') leavers[nth % leavers.length]?.abort();
            else {
              const leaver = new AbortController();
              leavers.push(leaver);
              const isUnknown = caller.startsWith('new');
              told.push(line.enter(caller, { signal: leaver.signal, isUnknown }));
            }
            expect(line.admission.inFlight).toBeLessThanOrEqual(concurrency);
            expect(line.admission.waiting).toBeLessThanOrEqual(queue);
          }
          // Each turn that ends lets at least one waiting call in, even if its caller is limited to one turn.
          for (let nth = 0; nth < 2 * told.length; nth++) await line.endOne(0, failed);
          await Promise.all(told);
          expect(line.served.length + line.refused.length).toBe(told.length);
          expect(line.admission).toMatchObject({ inFlight: 0, waiting: 0 });
          expect(line.clock.timers).toBe(0);
        },
      ),
      { numRuns: 300 },
    );
  });
});
