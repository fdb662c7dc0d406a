import { errorCodes } from '../graphql/error-codes.ts';
import type { Live } from '../graphql/live/live.ts';
import type { Plans } from '../graphql/plans/plans.ts';
import { createMetrics, type Metrics, type MetricsOptions } from '../observe/metrics/metrics.ts';
import type { Places } from '../server/places.ts';
import type { WebSockets } from '../server/websocket/websockets.ts';
import type { Upstream } from '../upstream/upstream.ts';

/** The parts of the gateway whose state is measured at each scrape. */
export interface Measured {
  readonly upstream: Upstream;
  readonly live: Live;
  readonly plans: Plans;
  readonly webSockets: WebSockets;
  readonly places: Places;
  /** Open connections of HTTP and WebSocket. */
  readonly connections: number;
}

/** @param measured returns the parts. Events are counted before the parts exist, but nothing is scraped before. */
export function createGatewayMetrics(
  build: Pick<MetricsOptions, 'version' | 'commit' | 'droppedLogLines'>,
  measured: () => Measured,
): Metrics {
  return createMetrics({
    ...build,
    errorCodes: Object.keys(errorCodes),
    upstreamState: () => measured().upstream.state(),
    openStreams: () => measured().live.streams,
    plans: () => measured().plans,
    serverState() {
      const { connections, webSockets, places } = measured();
      return { connections, webSockets: webSockets.open, requests: places.requests, bodyBytes: places.bytes };
    },
  });
}
