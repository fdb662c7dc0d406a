import type { Settled } from '../upstream/caller.ts';

/** What one operation came to: for the request's line in the log, for metrics and for `server-timing`. Grows while it runs. */
export class OperationReport {
  /** As the document names it, if it was valid and has a name. */
  operationName: string | undefined;
  /** Whether its document is on the list of trusted ones; undefined where there is no list, or it was refused. */
  documentOrigin: 'trusted' | 'other' | undefined;
  /** Schema coordinates of what it uses and the schema deprecates. */
  deprecatedUses: readonly string[] = none;
  /** Calls upstream that it asked for, those that others had begun included. */
  calls = 0;
  /** How many of them others had begun. */
  shared = 0;
  retries = 0;
  /** Milliseconds that the slowest of its calls took, waiting included. */
  upstreamMs = 0;
  /** Milliseconds that the longest waiting of its calls for a turn took. */
  waitedMs = 0;
  // Made with the first error: most operations have none.
  #codes: Set<string> | undefined;
  #upstreamRequestIds: Set<string> | undefined;

  /** The codes of the errors of its answer, each once. */
  get codes(): readonly string[] {
    return this.#codes ? [...this.#codes] : none;
  }

  /** The upstream's request IDs of the failures that it answered. */
  get upstreamRequestIds(): readonly string[] {
    return this.#upstreamRequestIds ? [...this.#upstreamRequestIds] : none;
  }

  addCode(code: string): void {
    (this.#codes ??= new Set()).add(code);
  }

  addUpstreamRequestId(requestId: string): void {
    (this.#upstreamRequestIds ??= new Set()).add(requestId);
  }

  addCall({ shared, attempts, durationMs, waitedMs }: Settled): void {
    if (shared) this.shared += 1;
    else if (attempts > 1) this.retries += attempts - 1;
    if (durationMs > this.upstreamMs) this.upstreamMs = durationMs;
    if (waitedMs > this.waitedMs) this.waitedMs = waitedMs;
  }
}

const none: readonly string[] = [];
