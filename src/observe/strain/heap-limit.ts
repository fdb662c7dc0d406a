import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';

const mebibyte = 1024 * 1024;
/** V8's default limit for a semi-space (half of the young generation), and its maximum share of the memory. */
const defaultSemiSpace = 32 * mebibyte;
const semiSpaceShare = 1 / 128;

/**
 * Bytes that live objects may take before V8 ends the process. V8's `heap_size_limit` also includes three semi-spaces for young
 * objects, which old objects cannot use: with 150 MB for old objects it is 246.
 */
export function readHeapLimit(): number {
  const constrained = process.constrainedMemory();
  const memory = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  const flags = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' ');
  const [, given] = /--max[-_]semi[-_]space[-_]size[= ](\d+)/.exec(flags) ?? [];
  const semiSpace = given ? Number(given) * mebibyte : Math.min(defaultSemiSpace, memory * semiSpaceShare);
  return getHeapStatistics().heap_size_limit - 3 * semiSpace;
}
