import { randomUUID } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import type { Emit } from '../../observe/events.ts';
import type { Caller, Listener, Watch } from '../caller.ts';
import type { Endpoint } from '../endpoint.ts';
import type { PollSettings } from '../settings.ts';
import { createPoller, type Poller } from './poller.ts';
import { createPollShares } from './poll-shares.ts';
import { createSkipNotice } from './skip-notice.ts';

export interface PollsOptions extends PollSettings {
  readonly clock: Clock;
  readonly emit: Emit;
  readonly random: () => number;
}

/** A caller and what it watches. */
export interface Watched {
  readonly token: string;
  readonly endpoint: Endpoint;
  readonly id: string;
  /** For the first call. Each later poll has an ID of its own. */
  readonly requestId: string;
  /** Makes a call with this caller's token. */
  readonly call: Caller['call'];
}

/** The pollers of a process: one for each caller, endpoint and ID that is watched. */
export interface Polls {
  /** Returns undefined if the limit of pollers is reached, either in total or for this caller. */
  watch(watched: Watched, listener: Listener): Watch | undefined;
  state(): PollsState;
}

export interface PollsState {
  readonly pollers: number;
  /** Pollers whose last answer was a failure. */
  readonly failing: number;
}

type ById = Map<string, Poller>;

export function createPolls(options: PollsOptions): Polls {
  const { intervalMs, clock, emit, random } = options;
  // Nested maps: a caller can never find a poller of another caller.
  const byToken = new Map<string, Map<Endpoint, ById>>();
  const shares = createPollShares(options);
  const onSkip = createSkipNotice(clock, emit);

  const forget = (token: string, endpoint: Endpoint, id: string) => {
    const byEndpoint = byToken.get(token);
    const byId = byEndpoint?.get(endpoint);
    if (!byEndpoint || !byId?.delete(id)) return;
    shares.giveBack(token);
    if (byId.size === 0) byEndpoint.delete(endpoint);
    if (byEndpoint.size === 0) byToken.delete(token);
  };

  const create = ({ token, endpoint, id, requestId, call }: Watched): Poller => {
    const byEndpoint = byToken.get(token) ?? new Map<Endpoint, ById>();
    byToken.set(token, byEndpoint);
    const byId: ById = byEndpoint.get(endpoint) ?? new Map<string, Poller>();
    byEndpoint.set(endpoint, byId);
    const poller = createPoller({
      endpoint,
      intervalMs,
      clock,
      random,
      call: (priority, signal) =>
        call(endpoint, id, {
          signal,
          requestId: priority === 'poll' ? randomUUID() : requestId,
          traceparent: undefined,
          priority,
        }),
      onSkip,
      onEnd: () => forget(token, endpoint, id),
    });
    byId.set(id, poller);
    return poller;
  };

  const count = (counts: (poller: Poller) => boolean) =>
    byToken
      .values()
      .flatMap((byEndpoint) => byEndpoint.values())
      .flatMap((byId) => byId.values())
      .reduce((sum, poller) => sum + Number(counts(poller)), 0);

  return {
    watch(watched, listener) {
      const { token, endpoint, id } = watched;
      const running = byToken.get(token)?.get(endpoint)?.get(id);
      if (running) return running.watch(listener);
      if (!shares.take(token)) return undefined;
      return create(watched).watch(listener);
    },
    state: () => ({ pollers: shares.taken, failing: count(({ isFailing }) => isFailing) }),
  };
}
