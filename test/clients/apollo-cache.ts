import { InMemoryCache } from '@apollo/client/core';

/** Apollo Client's cache for this schema. */
export const createCache = (): InMemoryCache =>
  new InMemoryCache({
    typePolicies: {
      Conference: { keyFields: ['tempConferenceId'] },
      // Parts of a conference, without an ID of their own. Merged, or two components that select different fields of them
      // overwrite each other's and ask again and again.
      ConferenceHost: { merge: true },
      ConferenceCounters: { merge: true },
    },
  });
