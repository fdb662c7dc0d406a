import type { ConferenceResolvers, QueryResolvers } from '../../generated/resolvers.ts';
import { loadConference } from './loader.ts';

/** Resolvers of the fields that lead to a conference. The fields of a conference are getters of `ConferenceView` in view.ts. */
export const resolvers: {
  readonly Query: Pick<QueryResolvers, 'conference' | 'conferences'>;
  readonly Conference: Pick<ConferenceResolvers, '__resolveReference'>;
} = {
  Query: {
    conference: (_query, { tempConferenceId }, context) => loadConference(tempConferenceId, context),
    conferences: (_query, { tempConferenceIds }, context) =>
      tempConferenceIds.map((id) => loadConference(id, context)),
  },
  Conference: {
    __resolveReference: ({ tempConferenceId }, context) => loadConference(tempConferenceId, context),
  },
};
