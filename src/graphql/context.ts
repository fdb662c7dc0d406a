import type { Operation } from './operation.ts';

/** What a resolver is handed. Yoga copies this object: what must keep its identity hangs on `operation`. */
export interface GatewayContext {
  readonly operation: Operation;
  /** Names this request in the log, in the response's `x-request-id` and in the upstream's log. */
  readonly requestId: string;
}
