// Preloaded into a process of the gateway. Answers `sample` when sampling has begun, and `allocated` with the bytes allocated since.
import { type HeapProfiler, Session } from 'node:inspector/promises';

const session = new Session();
session.connect();

process.on('message', async (message) => {
  if (message === 'sample') {
    await session.post('HeapProfiler.startSampling', {
      samplingInterval: 4096,
      // Most objects of a request are already collected when the profile is read.
      includeObjectsCollectedByMajorGC: true,
      includeObjectsCollectedByMinorGC: true,
    });
    process.send?.({});
  }
  if (message === 'allocated') {
    const { profile } = await session.post('HeapProfiler.stopSampling');
    process.send?.({ bytes: bytesOf(profile.head) });
  }
});

function bytesOf({ selfSize, children }: HeapProfiler.SamplingHeapProfileNode): number {
  return children.reduce((bytes, child) => bytes + bytesOf(child), selfSize);
}
