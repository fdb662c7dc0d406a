import type { GraphQLFormattedError } from 'graphql';
import { isObject } from '../base/is-object.ts';
import type { Settled } from '../upstream/caller.ts';

/** Facts about one operation, collected while it runs: for the request's line in the log, for metrics and for `server-timing`. */
export class OperationReport {
  /** From the document, if it is valid and names the operation. */
  operationName: string | undefined;
  /** Whether the document is trusted; undefined if there is no list of trusted documents, or the document was refused. */
  documentOrigin: 'trusted' | 'other' | undefined;
  /** Schema coordinates of the deprecated parts of the schema that it uses. */
  deprecatedUses: readonly string[] = none;
  /** Calls upstream, including those that it shared with other requests. */
  calls = 0;
  /** Calls that another request had started. */
  shared = 0;
  retries = 0;
  /** Duration of its slowest call in milliseconds, including the time in the queue. */
  upstreamMs = 0;
  /** The longest time that one of its calls spent in the queue, in milliseconds. */
  waitedMs = 0;
  // Created with the first error: most operations have none.
  #codes: Set<string> | undefined;
  #upstreamRequestIds: Set<string> | undefined;

  /** The codes of the errors of its answer, each once. */
  get codes(): readonly string[] {
    return this.#codes ? [...this.#codes] : none;
  }

  /** The upstream's own request IDs, for the failures that it answered. */
  get upstreamRequestIds(): readonly string[] {
    return this.#upstreamRequestIds ? [...this.#upstreamRequestIds] : none;
  }

  addCode(code: string): void {
    (this.#codes ??= new Set()).add(code);
  }

  /** Adds the codes of an answer's errors, and the upstream's request IDs in them. */
  addErrors(errors: Iterable<Pick<GraphQLFormattedError, 'extensions'>>): void {
    for (const { extensions = {} } of errors) {
      const { code, upstream } = extensions;
      if (typeof code === 'string') this.addCode(code);
      const requestId = isObject(upstream) ? upstream['requestId'] : undefined;
      if (typeof requestId === 'string') (this.#upstreamRequestIds ??= new Set()).add(requestId);
    }
  }

  addCall({ shared, attempts, durationMs, waitedMs }: Settled): void {
    if (shared) this.shared += 1;
    else if (attempts > 1) this.retries += attempts - 1;
    if (durationMs > this.upstreamMs) this.upstreamMs = durationMs;
    if (waitedMs > this.waitedMs) this.waitedMs = waitedMs;
  }
}

const none: readonly string[] = [];
