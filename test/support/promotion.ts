import { Session } from 'node:inspector/promises';
import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics } from 'node:v8';

// Preloaded into a process of the gateway. `collect` makes a full garbage collection, which moves all live objects to V8's old
// generation; `promoted` answers with the bytes by which that generation has grown since, at the collections of the young one.
let bytes = 0;
let before = 0;

function oldGeneration(): number {
  const space = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'old_space');
  if (!space) throw new Error('V8 has no old_space');
  return space.space_used_size;
}

const look = () => {
  const now = oldGeneration();
  bytes += Math.max(0, now - before);
  before = now;
};

new PerformanceObserver(look).observe({ entryTypes: ['gc'] });

process.on('message', async (message) => {
  if (message === 'collect') {
    const session = new Session();
    session.connect();
    await session.post('HeapProfiler.collectGarbage');
    session.disconnect();
    before = oldGeneration();
    bytes = 0;
    process.send?.({});
  }
  if (message === 'promoted') {
    look();
    process.send?.({ bytes });
  }
});
