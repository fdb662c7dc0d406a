import type { Operation } from './operation.ts';

/** The context of resolvers. Yoga copies this object, so shared state is kept in `operation`. */
export interface GatewayContext {
  readonly operation: Operation;
  /** The request's ID in the log, in the response's `x-request-id` and in the upstream's log. */
  readonly requestId: string;
}
