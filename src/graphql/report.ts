import type { Settled } from '../upstream/caller.ts';

/** What one operation came to: for the request's line in the log, for metrics and for `server-timing`. Grows while it runs. */
export interface OperationReport {
  /** As the document names it, if it was valid and has a name. */
  operationName: string | undefined;
  /** The codes of the errors of its answer, each once. */
  readonly codes: Set<string>;
  /** Calls upstream that it asked for, those that others had begun included. */
  calls: number;
  /** How many of them others had begun. */
  shared: number;
  retries: number;
  /** Milliseconds that the slowest of its calls took, waiting included. */
  upstreamMs: number;
  /** Milliseconds that the longest waiting of its calls for a turn took. */
  waitedMs: number;
  /** The upstream's request IDs of the failures that it answered. */
  readonly upstreamRequestIds: Set<string>;
}

export function createReport(): OperationReport {
  return {
    operationName: undefined,
    codes: new Set(),
    calls: 0,
    shared: 0,
    retries: 0,
    upstreamMs: 0,
    waitedMs: 0,
    upstreamRequestIds: new Set(),
  };
}

export function addCall(report: OperationReport, { shared, attempts, durationMs, waitedMs }: Settled): void {
  if (shared) report.shared += 1;
  else report.retries += Math.max(0, attempts - 1);
  report.upstreamMs = Math.max(report.upstreamMs, durationMs);
  report.waitedMs = Math.max(report.waitedMs, waitedMs);
}
