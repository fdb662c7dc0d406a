import { monitorEventLoopDelay } from 'node:perf_hooks';

// Preloaded into a process of the gateway: answers each message with the longest delay of its event loop since the last one.
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
process.on('message', () => {
  process.send?.(delay.max / 1e6);
  delay.reset();
});
