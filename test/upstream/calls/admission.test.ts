import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Admission, type Admitted, createAdmission } from '../../../src/upstream/calls/admission.ts';
import type { Priority } from '../../../src/upstream/caller.ts';
import { createTestClock } from '../../support/clock.ts';

/** A line of callers who tell what became of them, and hold their turn until the test ends it. */
function openLine({ concurrency, queue }: { readonly concurrency: number; readonly queue: number }) {
  const clock = createTestClock();
  const admission: Admission = createAdmission({ concurrency, queue }, clock);
  const served: string[] = [];
  const refused: string[] = [];
  const turns: (() => void)[] = [];
  const enter = async (
    caller: string,
    {
      name = caller,
      deadlineMs = 60_000,
      signal = new AbortController().signal,
      priority = 'query',
    }: {
      readonly name?: string;
      readonly deadlineMs?: number;
      readonly signal?: AbortSignal;
      readonly priority?: Priority;
    } = {},
  ) => {
    const admitted: Admitted = await admission.enter(
      caller,
      { deadline: clock.now() + deadlineMs, signal },
      priority,
    );
    if (admitted.kind === 'turn') {
      served.push(name);
      turns.push(() => admitted.end());
    } else refused.push(`${name} ${admitted.kind === 'left' ? 'left' : admitted.reason}`);
  };
  return {
    admission,
    clock,
    served,
    refused,
    enter,
    /** Ends the turn that has lasted longest, after so many milliseconds. */
    async endOne(ms = 10) {
      clock.advance(ms);
      turns.shift()?.();
      await Promise.resolve();
      await Promise.resolve();
    },
  };
}

describe('calls that wait for a turn', () => {
  it('are begun caller by caller in turn, each caller in the order of asking', async () => {
    const line = openLine({ concurrency: 1, queue: 100 });
    for (const caller of ['a', 'a', 'a', 'a', 'b', 'b', 'c']) void line.enter(caller);
    await Promise.resolve();
    for (let nth = 0; nth < 7; nth++) await line.endOne();
    expect(line.served).toEqual(['a', 'a', 'b', 'c', 'a', 'b', 'a']);
    expect(line.admission).toMatchObject({ inFlight: 0, waiting: 0 });
  });

  it('of a small caller are begun among the first, however many a greedy one has', async () => {
    const line = openLine({ concurrency: 1, queue: 1000 });
    for (let nth = 0; nth < 900; nth++) void line.enter('greedy');
    void line.enter('small');
    await Promise.resolve();
    for (let nth = 0; nth < 3; nth++) await line.endOne();
    expect(line.served).toContain('small');
  });

  it('are cut from the end of the longest line when the queue is full', async () => {
    const line = openLine({ concurrency: 1, queue: 4 });
    for (const caller of ['holder', 'small']) void line.enter(caller);
    for (const name of ['greedy 1', 'greedy 2', 'greedy 3']) void line.enter('greedy', { name });
    void line.enter('other');
    await Promise.resolve();
    expect(line.refused).toEqual(['greedy 3 queue-cut']);
    void line.enter('greedy', { name: 'greedy 4' });
    await Promise.resolve();
    expect(line.refused).toEqual(['greedy 3 queue-cut', 'greedy 4 queue-full']);
    for (let nth = 0; nth < 5; nth++) await line.endOne();
    expect(line.served).toEqual(['holder', 'small', 'greedy 1', 'other', 'greedy 2']);
  });

  it('keep their places where each caller has as many: who comes is refused, not who has waited', async () => {
    const line = openLine({ concurrency: 1, queue: 3 });
    for (const caller of ['holder', 'a', 'b', 'c', 'd']) void line.enter(caller);
    await Promise.resolve();
    expect(line.refused).toEqual(['d queue-full']);
    for (let nth = 0; nth < 4; nth++) await line.endOne();
    expect(line.served).toEqual(['holder', 'a', 'b', 'c']);
  });

  it('are cut of two long lines where the turn is later', async () => {
    const line = openLine({ concurrency: 1, queue: 4 });
    for (const caller of ['holder', 'a', 'a', 'b', 'b', 'c']) void line.enter(caller);
    await Promise.resolve();
    expect(line.refused).toEqual(['b queue-cut']);
  });

  it('are refused at once where the pace leaves no hope of a turn in time', async () => {
    const line = openLine({ concurrency: 1, queue: 100 });
    void line.enter('a');
    void line.enter('a');
    await Promise.resolve();
    await line.endOne(100);
    // One is under way and none waits: a turn is 100 ms away.
    void line.enter('b', { deadlineMs: 99 });
    await Promise.resolve();
    expect(line.refused).toEqual(['b no-chance']);
    void line.enter('b', { deadlineMs: 101 });
    await Promise.resolve();
    expect(line.admission.waiting).toBe(1);
  });

  it('are not without hope because a few of many calls have stalled', async () => {
    const line = openLine({ concurrency: 64, queue: 256 });
    for (let nth = 0; nth < 64 + 256; nth++) void line.enter('a');
    await Promise.resolve();
    // Most take 10 ms. Eight stall until their deadline, and end at the same moment.
    for (let nth = 0; nth < 256; nth++) await line.endOne(nth % 64 === 0 ? 10 : 0);
    for (let nth = 0; nth < 8; nth++) await line.endOne(nth === 0 ? 5000 : 0);
    for (let nth = 0; nth < 200; nth++) void line.enter('b', { deadlineMs: 5000 });
    await Promise.resolve();
    expect(line.refused).toEqual([]);
  });

  it('are refused at once where there is no queue at all', async () => {
    const line = openLine({ concurrency: 1, queue: 0 });
    void line.enter('a');
    void line.enter('b');
    await Promise.resolve();
    expect(line.served).toEqual(['a']);
    expect(line.refused).toEqual(['b queue-full']);
  });

  it('give up their place in the same step as their caller leaves', async () => {
    const line = openLine({ concurrency: 1, queue: 100 });
    const leaving = new AbortController();
    void line.enter('a');
    void line.enter('b', { signal: leaving.signal });
    void line.enter('c');
    await Promise.resolve();
    leaving.abort();
    expect(line.admission.waiting).toBe(1);
    await line.endOne();
    expect(line.served).toEqual(['a', 'c']);
    expect(line.refused).toEqual(['b left']);
  });
});

describe('polls', () => {
  it.each([
    { concurrency: 8, most: 4 },
    { concurrency: 3, most: 1 },
    { concurrency: 1, most: 1 },
  ])('take at most half of $concurrency turns, and are told at once where there is no room', async (row) => {
    const line = openLine({ concurrency: row.concurrency, queue: 100 });
    for (let nth = 0; nth < 10; nth++) void line.enter('viewer', { priority: 'poll' });
    await Promise.resolve();
    expect(line.served).toHaveLength(row.most);
    expect(line.refused).toEqual(Array(10 - row.most).fill('viewer no-room'));
    expect(line.admission.waiting).toBe(0);
    await line.endOne();
    void line.enter('viewer', { priority: 'poll' });
    await Promise.resolve();
    expect(line.served).toHaveLength(row.most + 1);
  });

  it('give way to queries that wait', async () => {
    const line = openLine({ concurrency: 2, queue: 100 });
    for (let nth = 0; nth < 3; nth++) void line.enter('a');
    void line.enter('viewer', { priority: 'poll' });
    await Promise.resolve();
    await line.endOne();
    void line.enter('viewer', { priority: 'poll' });
    await Promise.resolve();
    expect(line.served).toEqual(['a', 'a', 'a']);
    expect(line.refused).toEqual(['viewer no-room', 'viewer no-room']);
  });
});

describe('whatever callers do,', () => {
  type Step = { readonly caller: string } | { readonly leaver: number } | 'end';
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('a', 'b', 'c', 'd').map((caller) => ({ caller })) },
    { weight: 1, arbitrary: fc.nat({ max: 100 }).map((leaver) => ({ leaver })) },
    { weight: 2, arbitrary: fc.constant('end') },
  );

  it('no more than allowed are under way or wait, all are told once, and none is left', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.nat({ max: 5 }),
        fc.array<Step>(step as fc.Arbitrary<Step>, { maxLength: 80 }),
        async (concurrency, queue, steps) => {
          const line = openLine({ concurrency, queue });
          const leavers: AbortController[] = [];
          const told: Promise<void>[] = [];
          for (const one of steps) {
            if (one === 'end') await line.endOne();
            else if ('leaver' in one) leavers[one.leaver % leavers.length]?.abort();
            else {
              const leaver = new AbortController();
              leavers.push(leaver);
              told.push(line.enter(one.caller, { signal: leaver.signal }));
            }
            expect(line.admission.inFlight).toBeLessThanOrEqual(concurrency);
            expect(line.admission.waiting).toBeLessThanOrEqual(queue);
            // Nobody waits while a turn is free.
            expect(line.admission.waiting === 0 || line.admission.inFlight === concurrency).toBe(true);
          }
          await Promise.resolve();
          for (let nth = 0; nth < told.length; nth++) await line.endOne();
          await Promise.all(told);
          expect(line.served.length + line.refused.length).toBe(told.length);
          expect(line.admission).toMatchObject({ inFlight: 0, waiting: 0 });
        },
      ),
      { numRuns: 500 },
    );
  });
});
