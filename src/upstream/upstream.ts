import type { LookupFunction } from 'node:net';
import type { Emit } from '../observe/events.ts';
import { createAdmission } from './calls/admission.ts';
import { type Attempts, createAttempts } from './calls/attempts.ts';
import { createCallers, keyOf } from './calls/callers.ts';
import type { Caller, Settled, Watch } from './caller.ts';
import { type CircuitState, createCircuit } from './calls/circuit.ts';
import type { Clock } from '../base/clock.ts';
import { createNotices } from './calls/notices.ts';
import { createConnections } from './exchange/connections.ts';
import { createPolls, type PollsState } from './polls/polls.ts';
import type { Endpoint } from './endpoint.ts';
import type { UpstreamSettings } from './settings.ts';
import { createSharing, type Sharing } from './calls/sharing.ts';

export interface UpstreamParts {
  readonly emit: Emit;
  readonly clock: Clock;
  /** From 0 up to 1, for the backoff. */
  readonly random?: () => number;
  readonly lookup?: LookupFunction;
}

/** The upstream, as all requests of a gateway share it. */
export interface Upstream {
  /** The right to call in the name of whom this token belongs to. */
  as(token: string): Caller;
  /** Who has no credential: each of its calls fails as unauthenticated, and nothing is sent. */
  readonly nobody: Caller;
  state(): UpstreamState;
  /** Begins no more calls, lets those under way finish and ends all connections. */
  close(): Promise<void>;
}

export interface UpstreamState {
  readonly inFlight: number;
  readonly waiting: number;
  /** Tokens that the upstream has accepted in the last ten minutes. */
  readonly acceptedTokens: number;
  readonly circuit: CircuitState;
  readonly polls: PollsState;
}

export function createUpstream(settings: UpstreamSettings, parts: UpstreamParts): Upstream {
  const { clock, emit, random = Math.random, lookup } = parts;
  const { url, timeoutMs, reuseConnections } = settings;
  const notices = createNotices(clock, emit);
  const notice = (reason: string) => notices.unresolved(reason);
  const connections = createConnections({ url, reuse: reuseConnections, clock, lookup, notice });
  const callers = createCallers(clock);
  const admission = createAdmission(settings, clock, callers);
  const circuit = createCircuit({ clock, emit });
  const attempts = createAttempts(settings, {
    connections,
    callers,
    admission,
    circuit,
    clock,
    emit,
    random,
  });

  const underWay = new Set<Promise<Settled>>();
  let isClosing = false;
  const begin = (...asked: Parameters<Attempts['call']>): Promise<Settled> => {
    const call = attempts.call(...asked);
    const forget = () => underWay.delete(call);
    underWay.add(call);
    call.then(forget, forget);
    return call;
  };

  // Callers with calls in flight, each with a table of its own: nothing can be found under another's token.
  const sharings = new Map<string, Map<Endpoint, Sharing<string>>>();
  const sharingOf = (token: string, endpoint: Endpoint): Sharing<string> => {
    let ofCaller = sharings.get(token);
    if (!ofCaller) sharings.set(token, (ofCaller = new Map()));
    const byEndpoint = ofCaller;
    let sharing = byEndpoint.get(endpoint);
    if (!sharing) {
      sharing = createSharing(clock, timeoutMs / 2, () => {
        byEndpoint.delete(endpoint);
        if (byEndpoint.size === 0) sharings.delete(token);
      });
      byEndpoint.set(endpoint, sharing);
    }
    return sharing;
  };

  const polls = createPolls({ ...settings.polls, clock, emit, random });

  const as = (token: string): Caller => {
    let key: string | undefined;
    const call: Caller['call'] = async (
      endpoint,
      id,
      { signal, requestId, traceparent, priority = 'query' },
    ) => {
      if (signal.aborted) return gone;
      if (isClosing) return refused;
      const question = { token, endpoint, id, requestId, traceparent };
      return sharingOf(token, endpoint).join(id, signal, (abandoned) =>
        begin((key ??= keyOf(token)), question, abandoned, priority),
      );
    };
    return {
      get identity() {
        return (key ??= keyOf(token));
      },
      call,
      watch: (endpoint, id, requestId, listener) =>
        polls.watch({ token, endpoint, id, requestId, call }, listener),
    };
  };

  return {
    as,
    nobody: { identity: '', call: async () => unauthenticated, watch: () => nothingToWatch },
    state: () => ({
      inFlight: admission.inFlight,
      waiting: admission.waiting,
      acceptedTokens: callers.accepted,
      circuit: circuit.state,
      polls: polls.state(),
    }),
    async close() {
      isClosing = true;
      await Promise.allSettled(underWay);
      connections.close();
    },
  };
}

const nothingSent = { waitedMs: 0, durationMs: 0, attempts: 0, shared: false };
const unauthenticated: Settled = { ...nothingSent, outcome: { kind: 'unauthenticated' } };
const nothingToWatch: Watch = {
  latest: { outcome: unauthenticated.outcome, changed: true, final: true },
  current: async () => ({ outcome: unauthenticated.outcome, changed: true, final: true }),
  leave() {
    // Nothing was begun.
  },
};
const gone: Settled = { ...nothingSent, outcome: { kind: 'aborted' } };
const refused: Settled = { ...nothingSent, outcome: { kind: 'unavailable', reason: 'closing' } };
