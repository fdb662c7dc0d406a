import { conferenceInfo } from '../../src/domains/conference/endpoint.ts';
import type { GatewayEvent } from '../../src/observe/events.ts';
import type { UpstreamSettings } from '../../src/upstream/settings.ts';
import type { Settled } from '../../src/upstream/caller.ts';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import { createUpstream, type Upstream, type UpstreamParts } from '../../src/upstream/upstream.ts';

/** The room upstream/ alone, without a gateway around it. */
export interface OpenUpstream extends AsyncDisposable {
  readonly upstream: Upstream;
  readonly events: readonly GatewayEvent[];
  /** Timers that are set now. */
  readonly timers: number;
  call(options?: {
    readonly id?: string;
    readonly token?: string;
    readonly signal?: AbortSignal;
  }): Promise<Settled>;
}

const never = new AbortController().signal;

export function openUpstream(
  url: string,
  settings: Partial<UpstreamSettings> = {},
  parts: Partial<UpstreamParts> = {},
): OpenUpstream {
  const events: GatewayEvent[] = [];
  const counted = countTimers(parts.clock ?? systemClock);
  const upstream = createUpstream(
    {
      url: new URL(url),
      tokenIn: 'header',
      timeoutMs: 2000,
      maxBytes: 262_144,
      statusCodes: new Map(),
      concurrency: 64,
      queue: 256,
      reuseConnections: true,
      polls: { intervalMs: 2000, maxWatched: 1000, fairShare: 100 },
      ...settings,
    },
    { emit: (event) => void events.push(event), ...parts, clock: counted.clock },
  );
  return {
    upstream,
    events,
    get timers() {
      return counted.timers.size;
    },
    call: ({ id = '1', token = 'token-1', signal = never } = {}) =>
      upstream.as(token).call(conferenceInfo, id, { signal, requestId: 'request-1', traceparent: undefined }),
    [Symbol.asyncDispose]: () => upstream.close(),
  };
}

function countTimers(clock: Clock) {
  const timers = new Set<object>();
  const counting: Clock = {
    now: () => clock.now(),
    wallNow: () => clock.wallNow(),
    after(delayMs, task) {
      const timer = {};
      timers.add(timer);
      const cancel = clock.after(delayMs, () => {
        timers.delete(timer);
        task();
      });
      return () => {
        timers.delete(timer);
        cancel();
      };
    },
  };
  return { clock: counting, timers };
}

/** The title of an answer's record, or the kind of the failure. */
export const titleOf = ({ outcome }: Settled): unknown =>
  outcome.kind === 'answer' ? outcome.record?.['title'] : outcome.kind;
