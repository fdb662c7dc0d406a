import { expect, it } from 'vitest';
import type { GatewayEvent } from '../../../src/observe/events.ts';
import { createNotices } from '../../../src/upstream/calls/notices.ts';
import { createTestClock } from '../../support/clock.ts';

it('an upstream that cannot be reached is reported once in 10 s for each reason', () => {
  const clock = createTestClock();
  const told: GatewayEvent[] = [];
  const notices = createNotices(clock, (event) => void told.push(event));
  const tell = (reason: string, requestId: string) => notices.unreachable(reason, requestId);
  tell('ECONNREFUSED', 'a');
  tell('ECONNREFUSED', 'b');
  tell('ENOTFOUND', 'c');
  clock.advance(9999);
  tell('ECONNREFUSED', 'd');
  clock.advance(1);
  tell('ECONNREFUSED', 'e');
  expect(told).toEqual([
    { event: 'upstreamUnreachable', reason: 'ECONNREFUSED', requestId: 'a' },
    { event: 'upstreamUnreachable', reason: 'ENOTFOUND', requestId: 'c' },
    { event: 'upstreamUnreachable', reason: 'ECONNREFUSED', requestId: 'e' },
  ]);
});
