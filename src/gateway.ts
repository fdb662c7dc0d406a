import type { Plugin } from 'graphql-yoga';
import { conference } from './domains/conference/conference.ts';
import type { Config } from './settings/config.ts';
import { maxFieldsFor } from './graphql/limits/answer-count.ts';
import { useAnswerSize } from './graphql/limits/answer-size.ts';
import type { GatewayContext } from './graphql/context.ts';
import { useDocuments } from './graphql/documents/documents.ts';
import { type Domain, simulatedEndpoints } from './graphql/domain.ts';
import { errorCodes } from './graphql/error-codes.ts';
import { excludeTags } from './graphql/schema/exclude-tags.ts';
import { createLive } from './graphql/live/live.ts';
import { useSingleExecutions } from './graphql/live/use-single-executions.ts';
import { maskError } from './graphql/masking.ts';
import { Operation, type OperationLimits } from './graphql/operation.ts';
import { useOperationSpan } from './graphql/operation-span.ts';
import { useResult } from './graphql/result.ts';
import { createSchema, readTypeDefs } from './graphql/schema/schema.ts';
import { countFields } from './graphql/limits/count-fields.ts';
import { createDeprecatedUses } from './graphql/deprecated-uses.ts';
import { useDeprecatedUses } from './graphql/report-deprecated-uses.ts';
import { createChooseDocument } from './graphql/trusted-documents/choose-document.ts';
import { createTrustedDocuments } from './graphql/trusted-documents/trusted-documents.ts';
import { useVariables } from './graphql/limits/variables.ts';
import { Plans } from './graphql/plans/plans.ts';
import { usePlans } from './graphql/plans/use-plans.ts';
import { readCommit } from './settings/commit.ts';
import { describeDefect } from './observe/defect.ts';
import type { Emit } from './observe/events.ts';
import { createMetrics } from './observe/metrics/metrics.ts';
import { watchStrain } from './observe/strain/watch-strain.ts';
import type { TracesParts } from './observe/tracing/request-trace.ts';
import type { TracingSettings } from './observe/tracing/settings.ts';
import { createDrain } from './server/drain.ts';
import { createFront } from './server/front.ts';
import { loadGraphiqlPage } from './server/graphiql/load-page.ts';
import type { Open } from './server/listener/connections.ts';
import { anyAddress } from './server/listener/any-address.ts';
import { listenAt } from './server/listener/listen-at.ts';
import { createMetricsListener } from './server/metrics.ts';
import { Places } from './server/places.ts';
import type { OperationOptions } from './server/websocket/socket-operation.ts';
import { createWebSockets } from './server/websocket/websockets.ts';
import { createGatewayYoga } from './server/yoga.ts';
import { type Clock, systemClock } from './base/clock.ts';
import { createUpstream } from './upstream/upstream.ts';
import packageJson from '../package.json' with { type: 'json' };

/** The parts of the graph. A second endpoint is one folder, one schema file and one name here. */
export const domains: readonly Domain[] = [conference];

export interface GatewayParts {
  readonly emit: Emit;
  /** Lines of the log that were dropped since the start, for a metric. */
  readonly droppedLogLines?: () => number;
  readonly clock?: Clock;
  readonly domains?: readonly Domain[];
  /** The SDL of what the domains share, if it is not the project's own. */
  readonly shared?: readonly URL[];
  /** Further plugins of Yoga, after the gateway's own. */
  readonly plugins?: readonly (Plugin | Plugin<GatewayContext>)[];
}

/** A gateway that listens. Several can run in one process: they share nothing. */
export interface Gateway {
  readonly url: URL;
  /** Reads the file of trusted documents again, where there is one. A bad one is told, and the list before stays. */
  reload(): void;
  /** What is open at the moment. */
  readonly underWay: () => Open;
  /**
   * Not ready from now on; takes no more connections after `DRAIN_DELAY_MS`, lets what is under way finish within `DRAIN_TIMEOUT_MS`, and
   * ends.
   */
  close(): Promise<void>;
}

/** @throws (rejects with) a SettingError where a setting cannot be held to: a port that is in use, a tag that takes a key away. */
export async function startGateway(config: Config, parts: GatewayParts): Promise<Gateway> {
  const { clock = systemClock, plugins = [], droppedLogLines = () => 0 } = parts;
  const served = parts.domains ?? domains;
  const { version } = packageJson;
  const commit = config.commit ?? readCommit();

  // Ended in the reverse order, also where the start fails half-way.
  await using begun = new AsyncDisposableStack();

  const places = new Places(config.maxRequests);
  let connections = () => 0;
  const metrics =
    config.metricsPort === undefined
      ? undefined
      : createMetrics({
          errorCodes: Object.keys(errorCodes),
          upstreamState: () => upstream.state(),
          openStreams: () => live.streams,
          droppedLogLines,
          plans: () => plans,
          serverState: () => ({
            connections: connections(),
            webSockets: webSockets.open,
            requests: places.requests,
            bodyBytes: places.bytes,
          }),
          version,
          commit,
        });
  const emit: Emit = (event) => {
    metrics?.count(event);
    parts.emit(event);
  };

  const tellNoIpv6 = (reason: string) =>
    emit({
      event: 'setting',
      problem: `HOST: this machine has no IPv6 (${reason}), so the default is 0.0.0.0 instead of ::`,
    });
  begun.defer(watchStrain(emit));

  const { url, simulator } = config.upstreamUrl
    ? { url: config.upstreamUrl, simulator: undefined }
    : await startSimulator(served).then((embedded) => ({ url: embedded.url, simulator: embedded }));
  begun.defer(() => simulator?.close());
  const upstream = createUpstream(
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
    { emit, clock },
  );
  begun.defer(() => upstream.close());

  const traces =
    config.tracing && (await createTraces(config.tracing, { emit, clock, version, upstream: url }));
  begun.defer(() => traces?.close());

  const limits: OperationLimits = {
    maxCalls: config.maxUpstreamCalls,
    maxBytes: config.maxAnswerBytes,
    maxFields: maxFieldsFor(config.maxUpstreamCalls),
  };
  const schema = countFields(
    createSchema(excludeTags(readTypeDefs(served, parts.shared), config.excludeTags), served),
  );
  const trusted =
    config.trustedDocuments === undefined
      ? undefined
      : createTrustedDocuments({
          file: config.trustedDocuments,
          schema,
          maxTokens: config.maxDocumentTokens,
          introspection: config.introspection,
          emit,
        });

  const usesOf = createDeprecatedUses(schema);
  const plans = new Plans({ schema, limits, usesOf, now: () => clock.now() });
  const yoga = createGatewayYoga({
    schema,
    plugins: [
      useSingleExecutions(),
      usePlans(plans),
      useDocuments({ maxTokens: config.maxDocumentTokens, names: config.introspection }),
      useVariables(),
      useAnswerSize({ maxCalls: config.maxUpstreamCalls }),
      useResult(emit),
      useDeprecatedUses(usesOf),
      ...(traces ? [useOperationSpan()] : []),
      ...plugins,
    ],
    maskError: (error) => maskError(error, emit, undefined),
  });

  const live = createLive({
    schema,
    selfMoving: Object.assign({}, ...served.map(({ selfMoving }) => selfMoving)),
    execute: yoga.execute,
    createContext: (caller, requestId) => ({
      requestId,
      operation: new Operation(caller, { requestId, ...forAnEvent }, limits),
    }),
    clock,
    emit,
    random: Math.random,
    maxStreams: config.liveMaxStreams,
    maxAgeMs: config.liveMaxAgeMs,
  });
  const operations: OperationOptions = {
    handle: yoga.handle,
    subscriptionOf: yoga.subscriptionOf,
    live,
    // What foreign plugins do to an operation, a plan would not.
    shortPath: plugins.length === 0 ? (asked, context) => plans.answer(asked, context) : undefined,
    createContext: (caller, facts) => ({
      requestId: facts.requestId,
      operation: new Operation(caller, facts, limits),
    }),
    emit,
    clock,
    describeDefect,
    chooseDocument: createChooseDocument({
      documents: () => trusted?.documents,
      only: config.trustedDocumentsOnly,
    }),
    places,
    beginTrace: traces?.begin,
  };
  const callers = {
    callerOf: (token: string | undefined) => (token === undefined ? upstream.nobody : upstream.as(token)),
    clients: new Set(config.clients),
    corsOrigins: config.corsOrigins,
    maxRequestBytes: config.maxRequestBytes,
  };
  const webSockets = createWebSockets({
    ...operations,
    ...callers,
    maxSockets: config.liveMaxStreams,
    maxAgeMs: config.liveMaxAgeMs,
    random: Math.random,
  });
  const drain = createDrain(clock);
  drain.closing.addEventListener('abort', () => {
    const withinMs = config.nodeEnv === 'production' ? config.drainTimeoutMs / 2 : 0;
    live.drain(withinMs);
    webSockets.drain(withinMs);
  });
  const front = createFront({
    ...operations,
    ...callers,
    refusalOfSocket: webSockets.refusalOf,
    page: config.graphiql ? await loadGraphiqlPage(config.excludeTags, simulator?.samples) : undefined,
    serverTiming: config.nodeEnv !== 'production',
    isDraining: () => drain.draining,
  });
  const { keepAliveMs } = config;
  const host = config.isHostSet || config.host !== '::' ? config.host : await anyAddress(tellNoIpv6);
  const scraped =
    metrics && config.metricsPort !== undefined
      ? await listenAt('METRICS_PORT', createMetricsListener(metrics), {
          port: config.metricsPort,
          host,
          keepAliveMs,
        })
      : undefined;
  begun.defer(async () => {
    await scraped?.close(0);
    metrics?.close();
  });
  const listening = await listenAt('PORT', front, {
    port: config.port,
    host,
    keepAliveMs,
    webSockets,
    onClosed: (response) => places.giveBack(response),
  });
  connections = () => listening.count().connections;
  begun.defer(async () => {
    const cut = await drain.run(listening, config.drainDelayMs, config.drainTimeoutMs);
    await webSockets.closed();
    if (cut.connections > 0) emit({ event: 'cut', reason: 'DRAIN_TIMEOUT_MS', ...cut });
  });
  emit({
    event: 'started',
    url: new URL('/graphql', listening.url).href,
    upstream: config.upstreamUrl?.href ?? 'the embedded simulator (docs/simulator.md)',
    graphiql: config.graphiql,
    introspection: config.introspection,
    metrics: scraped && new URL('/metrics', scraped.url).href,
    version,
    commit,
    node: process.version,
    hints: simulator?.hints ?? [],
  });

  const running = begun.move();
  return {
    url: listening.url,
    reload: () => trusted?.reload(),
    underWay: listening.count,
    close: () => running.disposeAsync(),
  };
}

/** An event is no request: nobody leaves it, and no span is its parent. */
const forAnEvent = { signal: new AbortController().signal, traceparent: undefined, trace: undefined };

// Loaded only where it stands for the upstream.
async function startSimulator(domains: readonly Domain[]) {
  const { startEmbeddedSimulator } = await import('./simulator/embedded.ts');
  return startEmbeddedSimulator(await simulatedEndpoints(domains));
}

// Loaded only where they are on.
async function createTraces(settings: TracingSettings, parts: TracesParts) {
  const { createRequestTraces } = await import('./observe/tracing/request-trace.ts');
  return createRequestTraces(settings, parts);
}
