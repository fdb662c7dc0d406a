// Preloaded into a program that runs with --expose-gc. Answers `memory` with the bytes of its live objects.
process.on('message', (message) => {
  if (message !== 'memory') return;
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  process.send?.(heapUsed + external);
});
