import { syncBuiltinESMExports } from 'node:module';
import { PerformanceObserver } from 'node:perf_hooks';
import v8 from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, expect, it, vi } from 'vitest';
import type { GatewayEvent } from '../../src/observe/events.ts';
import { readHeapLimit } from '../../src/observe/strain/heap-limit.ts';
import { watchStrain } from '../../src/observe/strain/watch-strain.ts';

v8.setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

/** Sets the share of the heap limit that live objects take, and returns when a collection has been observed. */
async function setShare(share: number): Promise<void> {
  const heapLimit = readHeapLimit();
  const real = v8.getHeapStatistics();
  vi.spyOn(v8, 'getHeapStatistics').mockReturnValue({ ...real, used_heap_size: share * heapLimit });
  syncBuiltinESMExports();
  const { promise, resolve } = Promise.withResolvers<void>();
  const observer = new PerformanceObserver(() => resolve());
  observer.observe({ entryTypes: ['gc'] });
  collect();
  await promise;
  observer.disconnect();
}

it('a heap that was above 85 % is relieved below 80 %, not in between', async () => {
  const events: string[] = [];
  const emit = (event: GatewayEvent) => {
    if ('what' in event && event.what === 'heap') events.push(event.event);
  };
  const stop = watchStrain(emit);
  const seen = [];
  for (const share of [0.84, 0.86, 0.99, 0.84, 0.81, 0.86, 0.79, 0.84, 0.86]) {
    await setShare(share);
    seen.push(`${share}: ${events.splice(0).join()}`);
  }
  stop();
  expect(seen).toEqual([
    '0.84: ',
    '0.86: strained',
    '0.99: ',
    '0.84: ',
    '0.81: ',
    '0.86: ',
    '0.79: relieved',
    '0.84: ',
    '0.86: strained',
  ]);
});
