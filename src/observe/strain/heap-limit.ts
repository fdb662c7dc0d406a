import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';

const mebibyte = 1024 * 1024;
/** V8's own limit on half of the space for young objects, and the share of the memory that it takes at most. */
const defaultSemiSpace = 32 * mebibyte;
const semiSpaceShare = 1 / 128;

/**
 * Bytes that live objects may take: V8 ends the process beyond. What V8 calls the heap's limit also counts room for young objects (a
 * semi-space three times), which the old ones never get: with 150 MB for old objects it says 246.
 */
export function readHeapLimit(): number {
  const constrained = process.constrainedMemory();
  const memory = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  const flags = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' ');
  const [, given] = /--max[-_]semi[-_]space[-_]size[= ](\d+)/.exec(flags) ?? [];
  const semiSpace = given ? Number(given) * mebibyte : Math.min(defaultSemiSpace, memory * semiSpaceShare);
  return getHeapStatistics().heap_size_limit - 3 * semiSpace;
}
