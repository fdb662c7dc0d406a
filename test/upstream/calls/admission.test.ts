import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openAdmission } from '../../support/admission.ts';

describe('calls in the queue', () => {
  it('start caller by caller (round-robin), and in order for each caller', async () => {
    const line = openAdmission({ concurrency: 1, queue: 100 });
    for (const caller of ['a', 'a', 'a', 'a', 'b', 'b', 'c']) void line.enter(caller);
    await Promise.resolve();
    for (let nth = 0; nth < 7; nth++) await line.endOne();
    expect(line.served).toEqual(['a', 'a', 'b', 'c', 'a', 'b', 'a']);
    expect(line.admission).toMatchObject({ inFlight: 0, waiting: 0 });
  });

  it('of a small caller start among the first, however many a greedy caller has', async () => {
    const line = openAdmission({ concurrency: 1, queue: 1000 });
    for (let nth = 0; nth < 900; nth++) void line.enter('greedy');
    void line.enter('small');
    await Promise.resolve();
    for (let nth = 0; nth < 3; nth++) await line.endOne();
    expect(line.served).toContain('small');
  });

  it("are evicted from the end of the longest caller's queue when the queue is full", async () => {
    const line = openAdmission({ concurrency: 1, queue: 4 });
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

  it('keep their places if each caller has equally many: the new call is refused', async () => {
    const line = openAdmission({ concurrency: 1, queue: 3 });
    for (const caller of ['holder', 'a', 'b', 'c', 'd']) void line.enter(caller);
    await Promise.resolve();
    expect(line.refused).toEqual(['d queue-full']);
    for (let nth = 0; nth < 4; nth++) await line.endOne();
    expect(line.served).toEqual(['holder', 'a', 'b', 'c']);
  });

  it('are evicted from the one of two long queues whose last call would start later', async () => {
    const line = openAdmission({ concurrency: 1, queue: 4 });
    for (const caller of ['holder', 'a', 'a', 'b', 'b', 'c']) void line.enter(caller);
    await Promise.resolve();
    expect(line.refused).toEqual(['b queue-cut']);
  });

  it('are refused at once if they cannot start in time at the present pace', async () => {
    const line = openAdmission({ concurrency: 1, queue: 100 });
    void line.enter('a');
    void line.enter('a');
    await Promise.resolve();
    await line.endOne(100);
    // One call is in flight and none waits, so the next turn comes in 100 ms.
    void line.enter('b', { deadlineMs: 99 });
    await Promise.resolve();
    expect(line.refused).toEqual(['b no-chance']);
    void line.enter('b', { deadlineMs: 101 });
    await Promise.resolve();
    expect(line.admission.waiting).toBe(1);
  });

  it('are not refused because a few of many calls have stalled', async () => {
    const line = openAdmission({ concurrency: 64, queue: 256 });
    for (let nth = 0; nth < 64 + 256; nth++) void line.enter('a');
    await Promise.resolve();
    // Most calls take 10 ms. Eight hang until their deadline and end at the same moment.
    for (let nth = 0; nth < 256; nth++) await line.endOne(nth % 64 === 0 ? 10 : 0);
    for (let nth = 0; nth < 8; nth++) await line.endOne(nth === 0 ? 5000 : 0);
    for (let nth = 0; nth < 200; nth++) void line.enter('b', { deadlineMs: 5000 });
    await Promise.resolve();
    expect(line.refused).toEqual([]);
  });

  it('are refused at once if the queue has no places at all', async () => {
    const line = openAdmission({ concurrency: 1, queue: 0 });
    void line.enter('a');
    void line.enter('b');
    await Promise.resolve();
    expect(line.served).toEqual(['a']);
    expect(line.refused).toEqual(['b queue-full']);
  });

  it('leave the queue in the same step as their client', async () => {
    const line = openAdmission({ concurrency: 1, queue: 100 });
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
  ])(
    'take at most half of the concurrency of $concurrency, and are refused at once if there is no capacity',
    async (row) => {
      const line = openAdmission({ concurrency: row.concurrency, queue: 100 });
      for (let nth = 0; nth < 10; nth++) void line.enter('viewer', { priority: 'poll' });
      await Promise.resolve();
      expect(line.served).toHaveLength(row.most);
      expect(line.refused).toEqual(Array(10 - row.most).fill('viewer no-room'));
      expect(line.admission.waiting).toBe(0);
      await line.endOne();
      void line.enter('viewer', { priority: 'poll' });
      await Promise.resolve();
      expect(line.served).toHaveLength(row.most + 1);
    },
  );

  it('give way to queries in the queue', async () => {
    const line = openAdmission({ concurrency: 2, queue: 100 });
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

describe('whatever the callers do,', () => {
  type Step = { readonly caller: string } | { readonly leaver: number } | 'end';
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('a', 'b', 'c', 'd').map((caller) => ({ caller })) },
    { weight: 1, arbitrary: fc.nat({ max: 100 }).map((leaver) => ({ leaver })) },
    { weight: 2, arbitrary: fc.constant('end') },
  );

  it('no more calls than allowed run or wait, each gets one outcome, and none is left', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.nat({ max: 5 }),
        fc.array<Step>(step as fc.Arbitrary<Step>, { maxLength: 80 }),
        async (concurrency, queue, steps) => {
          const line = openAdmission({ concurrency, queue });
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
            // No call waits while a turn is free.
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

describe('a queue of 10,000', () => {
  /** Milliseconds for 10,000 calls that enter while `waiting` calls are in the queue, and for 10,000 that are served from it. */
  async function costAt(waiting: number, callerOf: (nth: number) => string) {
    const line = openAdmission({ concurrency: 1, queue: waiting });
    await line.enterMany(1, 'holder');
    for (let nth = 0; nth < waiting; nth++) void line.enter(callerOf(nth));
    await line.settle();
    const startedAt = performance.now();
    for (let nth = 0; nth < 10_000; nth++) void line.enter(callerOf(nth + waiting));
    await line.settle();
    return performance.now() - startedAt;
  }

  it.each([
    { whose: 'one caller', callerOf: () => 'greedy' },
    { whose: 'a hundred callers', callerOf: (nth: number) => `caller ${nth % 100}` },
    { whose: 'as many callers', callerOf: (nth: number) => `caller ${nth}` },
  ])('costs a new call, when it is full with calls of $whose, no more than a queue of 100', async (row) => {
    await costAt(100, row.callerOf);
    const small = await costAt(100, row.callerOf);
    const large = await costAt(10_000, row.callerOf);
    // A scan of the queue would make it 100 times as much. The margin is for the machine and its caches.
    expect(large).toBeLessThan(small * 8 + 50);
  });
});
