import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { readHeapLimit } from '../strain/heap-limit.ts';
import { type Define, measured, measuredCounter } from './define-metric.ts';

const resolutionMs = 10;

/** Defines the metrics of the process, which are measured at each scrape. Returns the event-loop monitor: disable it to stop. */
export function measureProcess(define: Define): ReturnType<typeof monitorEventLoopDelay> {
  const eventLoop = monitorEventLoopDelay({ resolution: resolutionMs });
  eventLoop.enable();
  // The monitor's values include its own interval: only the time beyond it is delay.
  const lateSeconds = (nanoseconds: number) =>
    eventLoop.count === 0 ? 0 : Math.max(0, nanoseconds / 1e9 - resolutionMs / 1e3);
  measured(define, 'gateway_event_loop_delay_p99_seconds', () => lateSeconds(eventLoop.percentile(99)));
  measured(define, 'gateway_event_loop_delay_max_seconds', () => lateSeconds(eventLoop.max));

  measured(define, 'nodejs_heap_used_bytes', () => process.memoryUsage().heapUsed);
  measured(define, 'nodejs_heap_limit_bytes', readHeapLimit);
  measured(define, 'process_resident_memory_bytes', () => process.memoryUsage.rss());
  measured(define, 'process_start_time_seconds', () => performance.timeOrigin / 1e3);
  measuredCounter(define, 'process_cpu_seconds_total', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  return eventLoop;
}
