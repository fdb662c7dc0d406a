import { monitorEventLoopDelay } from 'node:perf_hooks';

// Preloaded into a process of the gateway. Answers `measure` with the longest delay of its event loop since the last `measure`, and
// with its peak memory.
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
process.on('message', (message) => {
  if (message !== 'measure') return;
  process.send?.({ delayMs: delay.max / 1e6, peakBytes: process.resourceUsage().maxRSS * 1024 });
  delay.reset();
});
