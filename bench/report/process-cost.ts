import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What a process has cost so far, as Linux counts it. None of the report's servers starts another process. */
export interface ProcessCost {
  /** User and system, of all its threads. */
  readonly cpuMicros: number;
  readonly residentBytes: number;
}

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
const pageBytes = Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' }));

/** Read from outside: nothing is loaded into what is measured. */
export function costOf(pid: number): ProcessCost {
  // Behind the name, which may hold blanks. By proc(5), utime is the 14th field of all, stime the 15th and rss the 24th.
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return {
    cpuMicros: (ticks * 1e6) / ticksPerSecond,
    residentBytes: Number(fields[21]) * pageBytes,
  };
}
