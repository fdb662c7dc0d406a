import packageJson from '../../package.json' with { type: 'json' };
import { systemClock } from '../base/clock.ts';
import { createTrustedDocuments } from '../graphql/trusted-documents/trusted-documents.ts';
import type { Emit } from '../observe/events.ts';
import { watchStrain } from '../observe/strain/watch-strain.ts';
import { createDrain } from '../server/drain.ts';
import type { Open } from '../server/listener/connections.ts';
import type { Listening } from '../server/listener/listen.ts';
import { listenAt } from '../server/listener/listen-at.ts';
import { createMetricsListener } from '../server/metrics.ts';
import { Places } from '../server/places.ts';
import { readCommit } from '../settings/commit.ts';
import type { Config } from '../settings/config.ts';
import { domains as ownDomains } from './domains.ts';
import { createExecutor, type ExecutorParts } from './executor.ts';
import { listeningHost } from './host.ts';
import { locateUpstream } from './locate-upstream.ts';
import { createGatewayMetrics } from './metrics.ts';
import { createOperations } from './operations.ts';
import { createGatewayServer } from './server.ts';
import { stopServing } from './stop-serving.ts';
import { startTraces } from './traces.ts';
import { createGatewayUpstream } from './upstream.ts';

export interface GatewayParts extends Partial<
  Pick<ExecutorParts, 'clock' | 'domains' | 'shared' | 'plugins'>
> {
  readonly emit: Emit;
  /** Lines of the log that were dropped since the start, for a metric. */
  readonly droppedLogLines?: () => number;
}

/** A gateway that listens. Several can run in one process: they share nothing. */
export interface Gateway {
  readonly url: URL;
  /** Reads the file of trusted documents again, if one is set. If it has mistakes, an event reports them and the old list stays. */
  reload(): void;
  /** Counts what is open now. */
  readonly underWay: () => Open;
  /** Drains the gateway: not ready, then after `DRAIN_DELAY_MS` closed for new connections, and ended within `DRAIN_TIMEOUT_MS` more. */
  close(): Promise<void>;
}

/** @throws (rejects with) a SettingError if the gateway cannot start with these settings, for example because a port is in use. */
export async function startGateway(config: Config, parts: GatewayParts): Promise<Gateway> {
  const { clock = systemClock, domains = ownDomains, plugins = [], droppedLogLines = () => 0 } = parts;
  const { version } = packageJson;
  const commit = config.commit ?? readCommit();
  const { keepAliveMs, metricsPort } = config;
  const places = new Places(config.maxRequests);
  let listening: Listening | undefined;

  // Closed in reverse order, also if the start fails half-way.
  await using started = new AsyncDisposableStack();

  const metrics =
    metricsPort === undefined
      ? undefined
      : createGatewayMetrics({ version, commit, droppedLogLines }, () => ({
          upstream,
          live: operations.live,
          plans: executor.plans,
          webSockets: server.webSockets,
          places,
          connections: listening?.count().connections ?? 0,
        }));
  const emit: Emit = (event) => {
    metrics?.count(event);
    parts.emit(event);
  };
  started.defer(watchStrain(emit));

  const { url, simulator } = await locateUpstream(config.upstreamUrl, domains);
  started.defer(() => simulator?.close());
  const upstream = createGatewayUpstream(url, config, { emit, clock });
  started.defer(() => upstream.close());

  const traces =
    config.tracing && (await startTraces(config.tracing, { emit, clock, version, upstream: url }));
  started.defer(() => traces?.close());

  const executor = createExecutor(config, {
    domains,
    shared: parts.shared,
    plugins,
    isTraced: traces !== undefined,
    emit,
    clock,
  });
  const trusted =
    config.trustedDocuments === undefined
      ? undefined
      : createTrustedDocuments({
          file: config.trustedDocuments,
          schema: executor.schema,
          maxTokens: config.maxDocumentTokens,
          introspection: config.introspection,
          emit,
        });
  const operations = createOperations(config, {
    executor,
    domains,
    trusted,
    // A plan would leave out what a further plugin does to an operation.
    usesPlans: plugins.length === 0,
    traces,
    places,
    emit,
    clock,
  });
  const drain = createDrain(clock);
  const server = await createGatewayServer(config, {
    operations,
    upstream,
    simulator,
    isDraining: () => drain.draining,
  });

  const host = await listeningHost(config, emit);
  const scraped =
    metrics && metricsPort !== undefined
      ? await listenAt('METRICS_PORT', createMetricsListener(metrics), {
          port: metricsPort,
          host,
          keepAliveMs,
        })
      : undefined;
  started.defer(async () => {
    await scraped?.close(0);
    metrics?.close();
  });
  listening = await listenAt('PORT', server.front, {
    port: config.port,
    host,
    keepAliveMs,
    webSockets: server.webSockets,
  });
  const open = listening;
  const { live } = operations;
  const { webSockets } = server;
  started.defer(() => stopServing(open, config, { drain, live, webSockets, emit }));
  emit({
    event: 'started',
    url: new URL('/graphql', open.url).href,
    upstream: config.upstreamUrl?.href ?? 'the embedded simulator (docs/simulator.md)',
    graphiql: config.graphiql,
    introspection: config.introspection,
    metrics: scraped && new URL('/metrics', scraped.url).href,
    version,
    commit,
    node: process.version,
    hints: simulator?.hints ?? [],
  });

  const running = started.move();
  return {
    url: open.url,
    reload: () => trusted?.reload(),
    underWay: open.count,
    close: () => running.disposeAsync(),
  };
}
