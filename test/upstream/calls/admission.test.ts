import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Admission,
  type Admitted,
  createAdmission,
  type Turn,
} from '../../../src/upstream/calls/admission.ts';
import { createCallers } from '../../../src/upstream/calls/callers.ts';
import type { UpstreamFailure } from '../../../src/upstream/failures.ts';
import type { Answer, Priority } from '../../../src/upstream/caller.ts';
import { createTestClock } from '../../support/clock.ts';

/** An admission with callers. Records which calls were served and refused. A call keeps its turn until the test ends it. */
function openLine({
  concurrency,
  queue,
  timeoutMs = 5000,
}: {
  readonly concurrency: number;
  readonly queue: number;
  readonly timeoutMs?: number;
}) {
  const clock = createTestClock();
  const callers = createCallers(clock);
  const admission: Admission = createAdmission({ concurrency, queue, timeoutMs }, clock, callers);
  const served: string[] = [];
  const refused: string[] = [];
  const hung: string[] = [];
  const turns: { readonly name: string; readonly turn: Turn }[] = [];
  const enter = async (
    caller: string,
    {
      name = caller,
      deadlineMs = 60_000,
      signal = new AbortController().signal,
      priority = 'query',
      isUnknown = false,
    }: EnterOptions = {},
  ) => {
    const known = callers.find(caller);
    if (!isUnknown && !known.isAccepted) callers.accept(known);
    const call = { deadline: clock.now() + deadlineMs, signal, end: () => void hung.push(name) };
    const admitted: Admitted = await admission.enter(known, call, priority);
    if (admitted.kind === 'turn') {
      served.push(name);
      turns.push({ name, turn: admitted });
    } else refused.push(`${name} ${admitted.kind === 'refused' ? admitted.reason : admitted.kind}`);
  };
  const settle = async () => {
    await Promise.resolve();
    await Promise.resolve();
  };
  return {
    admission,
    callers,
    clock,
    served,
    refused,
    hung,
    enter,
    settle,
    /** Makes `count` calls of one caller at once. */
    enterMany(count: number, caller: string, options: EnterOptions = {}) {
      for (let nth = 0; nth < count; nth++) void enter(caller, options);
      return settle();
    },
    /** Ends the oldest turn after `ms` milliseconds. */
    async endOne(ms = 10, outcome: Answer | UpstreamFailure = answer) {
      clock.advance(ms);
      const first = turns.shift();
      if (first) admission.leave(first.turn, outcome);
      await settle();
    },
    /** Ends the oldest turn of the calls with this name. */
    async endOf(name: string, outcome: Answer | UpstreamFailure = answer) {
      const first = turns.find((one) => one.name === name && one.turn.place);
      if (!first) throw new Error(`no call of ${name} is under way`);
      turns.splice(turns.indexOf(first), 1);
      admission.leave(first.turn, outcome);
      await settle();
    },
  };
}

interface EnterOptions {
  readonly name?: string;
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
  readonly priority?: Priority;
  /** Whether the upstream has not accepted its token yet. */
  readonly isUnknown?: boolean;
}

const answer: Answer = { kind: 'answer', record: null, timestamp: 0, answered: {} };
const timedOut: UpstreamFailure = { kind: 'timeout' };
const tokenRefused: UpstreamFailure = { kind: 'unauthenticated', answered: { httpStatus: 401 } };
const failed: UpstreamFailure = {
  kind: 'unavailable',
  reason: 'http-status',
  answered: { httpStatus: 500 },
};

describe('calls in the queue', () => {
  it('start caller by caller (round-robin), and in order for each caller', async () => {
    const line = openLine({ concurrency: 1, queue: 100 });
    for (const caller of ['a', 'a', 'a', 'a', 'b', 'b', 'c']) void line.enter(caller);
    await Promise.resolve();
    for (let nth = 0; nth < 7; nth++) await line.endOne();
    expect(line.served).toEqual(['a', 'a', 'b', 'c', 'a', 'b', 'a']);
    expect(line.admission).toMatchObject({ inFlight: 0, waiting: 0 });
  });

  it('of a small caller start among the first, however many a greedy caller has', async () => {
    const line = openLine({ concurrency: 1, queue: 1000 });
    for (let nth = 0; nth < 900; nth++) void line.enter('greedy');
    void line.enter('small');
    await Promise.resolve();
    for (let nth = 0; nth < 3; nth++) await line.endOne();
    expect(line.served).toContain('small');
  });

  it("are evicted from the end of the longest caller's queue when the queue is full", async () => {
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

  it('keep their places if each caller has equally many: the new call is refused', async () => {
    const line = openLine({ concurrency: 1, queue: 3 });
    for (const caller of ['holder', 'a', 'b', 'c', 'd']) void line.enter(caller);
    await Promise.resolve();
    expect(line.refused).toEqual(['d queue-full']);
    for (let nth = 0; nth < 4; nth++) await line.endOne();
    expect(line.served).toEqual(['holder', 'a', 'b', 'c']);
  });

  it('are evicted from the one of two long queues whose last call would start later', async () => {
    const line = openLine({ concurrency: 1, queue: 4 });
    for (const caller of ['holder', 'a', 'a', 'b', 'b', 'c']) void line.enter(caller);
    await Promise.resolve();
    expect(line.refused).toEqual(['b queue-cut']);
  });

  it('are refused at once if they cannot start in time at the present pace', async () => {
    const line = openLine({ concurrency: 1, queue: 100 });
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
    const line = openLine({ concurrency: 64, queue: 256 });
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
    const line = openLine({ concurrency: 1, queue: 0 });
    void line.enter('a');
    void line.enter('b');
    await Promise.resolve();
    expect(line.served).toEqual(['a']);
    expect(line.refused).toEqual(['b queue-full']);
  });

  it('leave the queue in the same step as their client', async () => {
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
  ])(
    'take at most half of the concurrency of $concurrency, and are refused at once if there is no capacity',
    async (row) => {
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
    },
  );

  it('give way to queries in the queue', async () => {
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

describe('a caller whose calls hang', () => {
  it('loses one that is over 500 ms old for each waiting caller without a running call', async () => {
    const line = openLine({ concurrency: 8, queue: 100 });
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
    const line = openLine({ concurrency: 8, queue: 100 });
    await line.enterMany(8, 'hangs');
    line.clock.advance(501);
    await line.enterMany(1, 'a');
    expect(line.served.at(-1)).toBe('a');
    expect(line.hung).toEqual(['hangs']);
  });

  it('loses none while no other caller waits, and may use the whole concurrency', async () => {
    const line = openLine({ concurrency: 8, queue: 100 });
    await line.enterMany(20, 'hangs');
    line.clock.advance(4000);
    expect(line.hung).toEqual([]);
    expect(line.admission).toMatchObject({ inFlight: 8, waiting: 12 });
  });

  it('loses none to a caller that has a running call, and never loses its last one', async () => {
    const line = openLine({ concurrency: 2, queue: 100 });
    await line.enterMany(1, 'hangs');
    await line.enterMany(2, 'a');
    line.clock.advance(4000);
    await line.enterMany(1, 'b');
    await line.settle();
    expect(line.hung).toEqual([]);
  });

  it('has half of its concurrency afterwards, and the rest is free for others', async () => {
    const line = openLine({ concurrency: 8, queue: 100 });
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
    const line = openLine({ concurrency: 8, queue: 100 });
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
    const line = openLine({ concurrency: 8, queue: 100 });
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

describe('a caller that the upstream has not accepted', () => {
  const isUnknown = true;

  it('has eight calls at once, and no limit of its own after the first good answer', async () => {
    const line = openLine({ concurrency: 64, queue: 256 });
    await line.enterMany(100, 'new', { isUnknown });
    expect(line.admission.inFlight).toBe(8);
    await line.endOne(10, failed);
    expect(line.admission.inFlight).toBe(8);
    await line.endOne(10, answer);
    expect(line.admission.inFlight).toBe(64);
  });

  it('has its waiting calls ended by a 401; none of them is sent', async () => {
    const line = openLine({ concurrency: 64, queue: 256 });
    await line.enterMany(100, 'made up', { isUnknown });
    await line.endOne(10, tokenRefused);
    expect(line.served).toHaveLength(8);
    expect(line.refused).toEqual(Array(92).fill('made up unauthenticated'));
    for (let nth = 0; nth < 7; nth++) await line.endOne(10, tokenRefused);
    expect(line.admission).toMatchObject({ inFlight: 0, waiting: 0 });
  });

  it('comes after accepted callers, except for a quarter of the calls', async () => {
    const line = openLine({ concurrency: 1, queue: 100 });
    await line.enterMany(1, 'holder');
    for (let nth = 0; nth < 8; nth++) await line.enterMany(1, `unknown ${nth}`, { isUnknown });
    for (let nth = 0; nth < 9; nth++) await line.enterMany(1, `accepted ${nth}`);
    for (let nth = 0; nth < 12; nth++) await line.endOne();
    expect(
      line.served
        .slice(1)
        .map((name) => name.charAt(0))
        .join(''),
    ).toBe('aaauaaauaaau');
  });

  it('takes no more than that quarter while accepted callers wait, however long its calls take', async () => {
    const line = openLine({ concurrency: 8, queue: 100 });
    await line.enterMany(8, 'holder');
    for (let nth = 0; nth < 20; nth++) await line.enterMany(1, `unknown ${nth}`, { isUnknown });
    await line.enterMany(40, 'accepted');
    for (let nth = 0; nth < 8; nth++) await line.endOf('holder');
    for (let nth = 0; nth < 30; nth++) await line.endOf('accepted');
    expect(line.served.filter((name) => name.startsWith('unknown'))).toHaveLength(2);
  });

  it('may use the whole concurrency alone, and gives it up to accepted callers if its calls hang', async () => {
    const line = openLine({ concurrency: 8, queue: 100 });
    for (let nth = 0; nth < 8; nth++) await line.enterMany(1, `unknown ${nth}`, { isUnknown });
    expect(line.admission.inFlight).toBe(8);
    line.clock.advance(501);
    for (let nth = 0; nth < 8; nth++) await line.enterMany(1, `accepted ${nth}`);
    expect(line.served.filter((name) => name.startsWith('accepted'))).toHaveLength(6);
    expect(line.hung).toHaveLength(6);
  });

  it('cannot end calls of accepted callers beyond that quarter', async () => {
    const line = openLine({ concurrency: 8, queue: 100 });
    await line.enterMany(8, 'slow');
    line.clock.advance(501);
    for (let nth = 0; nth < 8; nth++) await line.enterMany(1, `unknown ${nth}`, { isUnknown });
    expect(line.hung).toEqual(['slow', 'slow']);
  });

  it('loses its places to accepted callers when the queue is full, down to a quarter of the places', async () => {
    const line = openLine({ concurrency: 1, queue: 8 });
    await line.enterMany(1, 'holder');
    for (let nth = 0; nth < 9; nth++) await line.enterMany(1, `unknown ${nth}`, { isUnknown });
    expect(line.refused).toEqual(['unknown 8 queue-full']);
    for (let nth = 0; nth < 7; nth++) await line.enterMany(1, `accepted ${nth}`);
    expect(line.refused.slice(1)).toEqual([
      ...[7, 6, 5, 4, 3, 2].map((nth) => `unknown ${nth} queue-cut`),
      'accepted 6 queue-full',
    ]);
  });

  it('gets a place if accepted callers have more than three quarters of them', async () => {
    const line = openLine({ concurrency: 1, queue: 8 });
    for (let nth = 0; nth < 9; nth++) await line.enterMany(1, `accepted ${nth}`);
    for (let nth = 0; nth < 3; nth++) await line.enterMany(1, `unknown ${nth}`, { isUnknown });
    expect(line.refused).toEqual(['accepted 8 queue-cut', 'accepted 7 queue-cut', 'unknown 2 queue-full']);
  });
});

describe('a caller that the upstream has accepted', () => {
  it('counts as unknown after a 401, but its calls go on, eight at once', async () => {
    const line = openLine({ concurrency: 16, queue: 256 });
    await line.enterMany(40, 'revoked');
    for (let nth = 0; nth < 10; nth++) await line.endOne(10, tokenRefused);
    expect(line.served).toHaveLength(16 + 2);
    for (let nth = 0; nth < 60; nth++) await line.endOne(10, tokenRefused);
    expect(line.served).toHaveLength(40);
    expect(line.refused).toEqual([]);
  });

  it('has its later calls ended by the next 401', async () => {
    const line = openLine({ concurrency: 1, queue: 256 });
    await line.enterMany(2, 'revoked');
    await line.endOne(10, tokenRefused);
    await line.enterMany(3, 'revoked', { isUnknown: true });
    await line.endOne(10, tokenRefused);
    expect(line.refused).toEqual(Array(3).fill('revoked unauthenticated'));
  });

  it('is forgotten ten minutes after its last good answer', async () => {
    const line = openLine({ concurrency: 64, queue: 256 });
    await line.enterMany(1, 'caller');
    await line.endOne(0);
    line.clock.advance(599_999);
    await line.enterMany(9, 'caller', { isUnknown: true });
    expect(line.admission.inFlight).toBe(9);
    for (let nth = 0; nth < 9; nth++) await line.endOne(0, failed);
    line.clock.advance(1);
    await line.enterMany(9, 'caller', { isUnknown: true });
    expect(line.admission.inFlight).toBe(8);
  });

  it('is one of the 10,000 newest, however many there were', async () => {
    const line = openLine({ concurrency: 64, queue: 256 });
    for (let nth = 0; nth < 10_001; nth++) {
      await line.enterMany(1, `caller ${nth}`);
      await line.endOne(0);
    }
    expect(line.callers.accepted).toBe(10_000);
    expect(line.callers.find('caller 0').isAccepted).toBe(false);
    expect(line.callers.find('caller 1').isAccepted).toBe(true);
    // This answer makes it one of the most recently accepted callers again.
    await line.enterMany(1, 'caller 1');
    await line.endOne(0);
    await line.enterMany(1, 'one more');
    await line.endOne(0);
    expect(line.callers.find('caller 1').isAccepted).toBe(true);
    expect(line.callers.find('caller 2').isAccepted).toBe(false);
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
          const line = openLine({ concurrency, queue });
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

describe('a queue of 10,000', () => {
  /** Milliseconds for 10,000 calls that enter while `waiting` calls are in the queue, and for 10,000 that are served from it. */
  async function costAt(waiting: number, callerOf: (nth: number) => string) {
    const line = openLine({ concurrency: 1, queue: waiting });
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
