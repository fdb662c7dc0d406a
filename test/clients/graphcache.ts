import type { Exchange } from '@urql/core';
import { cacheExchange, type CacheExchangeOpts } from '@urql/exchange-graphcache';

type Introspection = NonNullable<CacheExchangeOpts['schema']>;

/** urql's normalized cache for this schema. It merges embedded objects by itself. */
export const createCacheExchange = (schema: Introspection): Exchange =>
  cacheExchange({
    // Without it, one conference of a list that fails takes the whole list with it: that the place may be null is in the schema.
    schema,
    keys: {
      Conference: ({ tempConferenceId }) => (typeof tempConferenceId === 'string' ? tempConferenceId : null),
      // Parts of a conference, without an ID of their own.
      ConferenceHost: () => null,
      ConferenceCounters: () => null,
    },
  });
