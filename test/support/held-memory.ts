// Loaded before a program that is started with --expose-gc: tells its parent, when asked, how many bytes are really held.
process.on('message', (message) => {
  if (message !== 'memory') return;
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  process.send?.(heapUsed + external);
});
