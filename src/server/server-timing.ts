import type { OperationReport } from '../graphql/report.ts';

/** The `Server-Timing` header, for a browser's network panel: durations in milliseconds, and how many calls were shared. */
export function serverTiming({ upstreamMs, waitedMs, shared }: OperationReport, totalMs: number): string {
  const duration = (name: string, ms: number) => `${name};dur=${ms.toFixed(1)}`;
  return [
    duration('total', totalMs),
    duration('upstream', upstreamMs),
    duration('waiting', waitedMs),
    `shared;desc="${shared}"`,
  ].join(', ');
}
