import { expect, it } from 'vitest';
import { Aborter } from '../../../src/base/signal.ts';
import { Ending } from '../../../src/upstream/calls/ending.ts';
import { createTestClock } from '../../support/clock.ts';

const timeoutMs = 1000;

it('a call ends when nobody waits for it any more, or when its deadline passes', () => {
  const clock = createTestClock();
  const abandoned = new Aborter();
  const ending = () => new Ending(clock, timeoutMs, abandoned);
  const late = ending();
  clock.advance(timeoutMs);
  const left = ending();
  abandoned.abort();
  expect([late.aborted, left.aborted]).toEqual([true, true]);
  expect([late.failure, left.failure]).toEqual([{ kind: 'timeout' }, { kind: 'aborted' }]);
});

it('a call that has ended with an answer is not ended again: not by its deadline, and not by requests that leave', () => {
  const clock = createTestClock();
  const abandoned = new Aborter();
  const ending = new Ending(clock, timeoutMs, abandoned);
  ending.cancel();
  clock.advance(timeoutMs);
  abandoned.abort();
  expect(ending.aborted).toBe(false);
});
