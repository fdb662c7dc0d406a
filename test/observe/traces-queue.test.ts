import { expect, it } from 'vitest';
import type { GatewayEvent } from '../../src/observe/events.ts';
import { createBatches } from '../../src/observe/tracing/batches.ts';
import type { Span } from '../../src/observe/tracing/span.ts';
import { createTestClock } from '../support/clock.ts';

const span = (nth: number): Span => ({
  traceId: '1'.repeat(32),
  spanId: '2'.repeat(16),
  parentSpanId: undefined,
  name: `span ${nth}`,
  kind: 'internal',
  startMs: 0,
  endMs: 1,
  attributes: {},
  events: [],
  failed: false,
});

it('no more spans wait for a collector than OTEL_BSP_MAX_QUEUE_SIZE; the rest are counted as lost', async () => {
  const clock = createTestClock();
  const told: GatewayEvent[] = [];
  const sent: string[] = [];
  const answer = Promise.withResolvers<{ readonly kind: 'done' }>();
  const batches = createBatches(
    { maxQueue: 5, maxBatch: 2, delayMs: 1000 },
    (spans) => {
      sent.push(...spans.map(({ name }) => name));
      return answer.promise;
    },
    { clock, emit: (event) => void told.push(event) },
  );
  for (let nth = 1; nth <= 12; nth += 1) batches.add(span(nth));
  answer.resolve({ kind: 'done' });
  await batches.close();
  expect(sent).toEqual(['span 1', 'span 2', 'span 3', 'span 4', 'span 5']);
  expect(
    told.flatMap((event) => (event.event === 'spansLost' ? event.spans : [])).toSorted((a, b) => a - b),
  ).toEqual([1, 6]);
  expect(told).toContainEqual({ event: 'spansLost', spans: 1, reason: 'queue full' });
});
