// Loaded into a gateway's process before its own code, to look at it from within without a change to it.
import { type EventLoopUtilization, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setImmediate as turn } from 'node:timers/promises';

/** `heap`: bytes in use after a full collection. `watch`: begins to watch the process. `delay`, `busy`, `cpu`: what it saw since. */
export type Question = 'heap' | 'watch' | 'delay' | 'busy' | 'cpu';

/** Bytes for `heap`; milliseconds, 99th percentile, for `delay`; per cent of the time for `busy`, of one core for `cpu`; 0 for `watch`. */
export type Finding = number;

const resolutionMs = 1;
const delay = monitorEventLoopDelay({ resolution: resolutionMs });
let cpu = process.cpuUsage();
let cpuFromMs = performance.now();
let utilization: EventLoopUtilization = performance.eventLoopUtilization();

process.on('message', async (question: Question) => {
  process.send?.(await find(question));
});
// A bench that is stopped half-way must leave nothing behind.
process.on('disconnect', () => process.exit());

async function find(question: Question): Promise<Finding> {
  switch (question) {
    case 'heap':
      return heapBytes();
    case 'watch':
      delay.enable();
      delay.reset();
      utilization = performance.eventLoopUtilization();
      cpu = process.cpuUsage();
      cpuFromMs = performance.now();
      return 0;
    case 'delay':
      return delay.percentile(99) / 1e6 - resolutionMs;
    case 'busy':
      return performance.eventLoopUtilization(utilization).utilization * 100;
    case 'cpu': {
      const { user, system } = process.cpuUsage(cpu);
      return ((user + system) / 1000 / (performance.now() - cpuFromMs)) * 100;
    }
    default:
      return question satisfies never;
  }
}

async function heapBytes(): Promise<number> {
  // What a finalizer or a weak reference lets go in one turn is collected in the next.
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc?.();
    await turn();
  }
  return process.memoryUsage().heapUsed;
}
