import type { Domain } from '../../graphql/domain.ts';
import { resolvers } from './resolvers.ts';

/** The domain of conferences, found by their temporary ID. */
export const conference: Domain = {
  name: 'conference',
  schema: new URL('../../../schema/conference.graphql', import.meta.url),
  resolvers,
  selfMoving: { Conference: ['observedAt', 'durationSeconds'] },
};
