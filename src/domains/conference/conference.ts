import type { Domain } from '../../graphql/domain.ts';
import { resolvers } from './resolvers.ts';

/** Conferences: the record of one by its temporary ID. */
export const conference: Domain = {
  name: 'conference',
  schema: new URL('../../../schema/conference.graphql', import.meta.url),
  resolvers,
  selfMoving: { Conference: ['observedAt', 'durationSeconds'] },
};
