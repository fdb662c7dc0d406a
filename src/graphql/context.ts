import type { Operation } from './operation.ts';

/** The context of resolvers. Yoga copies this object, so shared state is kept in `operation`. */
export interface GatewayContext {
  readonly operation: Operation;
}
