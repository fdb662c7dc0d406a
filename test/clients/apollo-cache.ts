import { InMemoryCache } from '@apollo/client/core';

/** Apollo Client's cache for this schema. */
export const createCache = (): InMemoryCache =>
  new InMemoryCache({
    typePolicies: {
      Conference: { keyFields: ['tempConferenceId'] },
      // Parts of a conference, without their own ID. Without merging, two components that select different fields overwrite
      // each other's fields, and query again and again.
      ConferenceHost: { merge: true },
      ConferenceCounters: { merge: true },
    },
  });
