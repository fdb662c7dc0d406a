import { createFront } from '../server/front.ts';
import type { Front } from '../server/listener/front.ts';
import { loadGraphiqlPage } from '../server/graphiql/load-page.ts';
import type { OperationOptions } from '../server/websocket/socket-operation.ts';
import { createWebSockets, type WebSockets } from '../server/websocket/websockets.ts';
import type { Config } from '../settings/config.ts';
import type { EmbeddedSimulator } from '../simulator/embedded.ts';
import type { Upstream } from '../upstream/upstream.ts';

/** Both ways into the gateway. They do not listen yet. */
export interface GatewayServer {
  readonly front: Front;
  readonly webSockets: WebSockets;
}

export interface ServerParts {
  readonly operations: OperationOptions;
  readonly upstream: Upstream;
  /** Its IDs and its token are tried in GraphiQL. */
  readonly simulator: EmbeddedSimulator | undefined;
  /** Read by /readyz. */
  readonly isDraining: () => boolean;
}

export async function createGatewayServer(config: Config, parts: ServerParts): Promise<GatewayServer> {
  const { operations, upstream, simulator, isDraining } = parts;
  const shared = {
    ...operations,
    callerOf: (token: string | undefined) => (token === undefined ? upstream.nobody : upstream.as(token)),
    clients: new Set(config.clients),
    corsOrigins: config.corsOrigins,
    maxRequestBytes: config.maxRequestBytes,
  };
  const webSockets = createWebSockets({
    ...shared,
    maxSockets: config.liveMaxStreams,
    maxAgeMs: config.liveMaxAgeMs,
    random: Math.random,
  });
  const front = createFront({
    ...shared,
    refusalOfSocket: webSockets.refusalOf,
    page: config.graphiql ? await loadGraphiqlPage(config.excludeTags, simulator?.samples) : undefined,
    serverTiming: config.nodeEnv !== 'production',
    isDraining,
  });
  return { front, webSockets };
}
