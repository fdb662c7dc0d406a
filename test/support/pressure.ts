import { getHeapStatistics } from 'node:v8';

// Preloaded into a process of the gateway. Messages put it under strain.
interface Pressure {
  /** Blocks the event loop for `blockMs` milliseconds, `times` times in a row. */
  readonly blockMs?: number;
  readonly times?: number;
  /** Fills the heap until its objects have this many bytes, those of the gateway included. */
  readonly fillTo?: number;
}

let kept: unknown[][] = [];
let target = 0;

process.on('message', ({ blockMs, times = 1, fillTo }: Pressure) => {
  if (blockMs !== undefined) block(blockMs, times);
  if (fillTo === undefined) return;
  kept = [];
  if (target === 0) setInterval(fill, 10);
  target = fillTo;
});

function block(ms: number, times: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
  if (times > 1) setImmediate(block, ms, times - 1);
}

const megabyte = () => Array.from({ length: 125_000 }, () => 0.5);

function fill(): void {
  const missing = target - getHeapStatistics().used_heap_size;
  for (let mb = 0; mb < Math.min(missing / 1e6, 5); mb += 1) kept.push(megabyte());
  // Not kept. Without garbage, the collector would not run.
  megabyte();
}
