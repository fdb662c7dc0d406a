import type { Config } from '../settings/config.ts';
import type { UpstreamParts } from '../upstream/upstream.ts';
import { createUpstream, type Upstream } from '../upstream/upstream.ts';

/** The upstream at `url`, by the settings `UPSTREAM_…` and `LIVE_…`. */
export function createGatewayUpstream(url: URL, config: Config, parts: UpstreamParts): Upstream {
  return createUpstream(
    {
      url,
      tokenIn: config.upstreamTokenIn,
      timeoutMs: config.upstreamTimeoutMs,
      maxBytes: config.upstreamMaxBytes,
      statusCodes: config.upstreamStatusCodes,
      concurrency: config.upstreamConcurrency,
      queue: config.upstreamQueue,
      reuseConnections: config.upstreamReuseConnections,
      polls: {
        intervalMs: config.liveIntervalMs,
        maxWatched: config.liveMaxWatched,
        fairShare: config.maxUpstreamCalls,
      },
    },
    parts,
  );
}
