import type { LookupFunction } from 'node:net';
import type { Emit } from '../observe/events.ts';
import { createAdmission } from './calls/admission.ts';
import { type Attempts, createAttempts } from './calls/attempts.ts';
import { createCallers, keyOf } from './calls/callers.ts';
import type { Caller, CallOptions, Listener, Settled, Watch } from './caller.ts';
import { type CircuitState, createCircuit } from './calls/circuit.ts';
import type { Clock } from '../base/clock.ts';
import { createNotices } from './calls/notices.ts';
import { createConnections } from './exchange/connections.ts';
import { createPolls, type Polls, type PollsState } from './polls/polls.ts';
import type { Endpoint } from './endpoint.ts';
import type { UpstreamSettings } from './settings.ts';
import { Sharings } from './calls/sharings.ts';

export interface UpstreamParts {
  readonly emit: Emit;
  readonly clock: Clock;
  /** From 0 up to 1, for the backoff. */
  readonly random?: () => number;
  readonly lookup?: LookupFunction;
}

/** The upstream, as all requests of a gateway share it. */
export interface Upstream {
  /** The caller for this token. */
  as(token: string): Caller;
  /** The caller without a token: each of its calls fails as unauthenticated, and nothing is sent. */
  readonly nobody: Caller;
  state(): UpstreamState;
  /** Starts no more calls, waits for those in flight and closes all connections. */
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

  const sharings = new Sharings(clock, timeoutMs / 2);
  const polls = createPolls({ ...settings.polls, clock, emit, random });
  const shared: Shared = { attempts, sharings, polls, isClosing: false };

  return {
    as: (token) => new TokenCaller(token, shared),
    nobody: { identity: '', call: async () => unauthenticated, watch: () => nothingToWatch },
    state: () => ({
      inFlight: admission.inFlight,
      waiting: admission.waiting,
      acceptedTokens: callers.accepted,
      circuit: circuit.state,
      polls: polls.state(),
    }),
    async close() {
      shared.isClosing = true;
      await attempts.idle();
      connections.close();
    },
  };
}

/** What the callers of one upstream share. */
interface Shared {
  readonly attempts: Attempts;
  readonly sharings: Sharings;
  readonly polls: Polls;
  isClosing: boolean;
}

/** A class, because every request makes one. */
class TokenCaller implements Caller {
  readonly #token: string;
  readonly #shared: Shared;
  #identity: string | undefined;

  constructor(token: string, shared: Shared) {
    this.#token = token;
    this.#shared = shared;
  }

  get identity(): string {
    return (this.#identity ??= keyOf(this.#token));
  }

  call(endpoint: Endpoint, id: string, options: CallOptions): Promise<Settled> {
    const { signal, priority = 'query' } = options;
    const { attempts, sharings, isClosing } = this.#shared;
    if (signal.aborted) return Promise.resolve(gone);
    if (isClosing) return Promise.resolve(refused);
    return sharings.of(this.#token, endpoint).join(id, signal, (abandoned) => {
      // Read here: an ID is created when it is read, and a request that joins a call needs none yet.
      const { requestId, traceparent } = options;
      const question = { token: this.#token, endpoint, id, requestId, traceparent };
      return attempts.call(this.identity, question, abandoned, priority);
    });
  }

  watch(endpoint: Endpoint, id: string, requestId: string, listener: Listener): Watch | undefined {
    const call: Caller['call'] = (...asked) => this.call(...asked);
    return this.#shared.polls.watch({ token: this.#token, endpoint, id, requestId, call }, listener);
  }
}

const nothingSent = { waitedMs: 0, durationMs: 0, attempts: 0, shared: false };
const unauthenticated: Settled = { ...nothingSent, outcome: { kind: 'unauthenticated' } };
const nothingToWatch: Watch = {
  latest: { outcome: unauthenticated.outcome, changed: true, final: true },
  current: async () => ({ outcome: unauthenticated.outcome, changed: true, final: true }),
  leave() {
    // There is no poller to leave.
  },
};
const gone: Settled = { ...nothingSent, outcome: { kind: 'aborted' } };
const refused: Settled = { ...nothingSent, outcome: { kind: 'unavailable', reason: 'closing' } };
