import type { Exchange } from '@urql/core';
import { cacheExchange, type CacheExchangeOpts } from '@urql/exchange-graphcache';

type Introspection = NonNullable<CacheExchangeOpts['schema']>;

/** urql's normalized cache for this schema. It merges embedded objects by itself. */
export const createCacheExchange = (schema: Introspection): Exchange =>
  cacheExchange({
    // The schema says that an item of the list may be null. Without it, one conference that fails removes the whole list.
    schema,
    keys: {
      Conference: ({ tempConferenceId }) => (typeof tempConferenceId === 'string' ? tempConferenceId : null),
      // Parts of a conference, without their own ID.
      ConferenceHost: () => null,
      ConferenceCounters: () => null,
    },
  });
