import type { Emit } from '../../observe/events.ts';
import type { Clock } from '../../base/clock.ts';
import type { KnownCaller } from './callers.ts';
import { FailureWindow, windowMs } from './failure-window.ts';

export type CircuitState = 'closed' | 'open' | 'half-open';

/** Permission to send one request, because the circuit is closed or as a trial. */
export interface Leave {
  /** Call it exactly once. `ill`: whether the upstream failed; undefined if the request does not tell. */
  settle(caller: KnownCaller, ill: boolean | undefined): void;
}

export interface Circuit {
  readonly state: CircuitState;
  /** Milliseconds to the next trial; 0 if one may be made now. */
  readonly untilTrialMs: number;
  /** Whether a request of this caller would be refused now. */
  refuses(caller: KnownCaller): boolean;
  /** Undefined if the request is refused. */
  ask(caller: KnownCaller): Leave | undefined;
}

/** Time from the opening to the first trial, and between two trials. */
const quietMs = 1000;
/** How much longer a caller has to wait after a failed trial, so that another caller makes the next one. */
const precedenceMs = 500;

const nothing = { requests: 0, ill: 0 };
const wellOne = { requests: 1, ill: 0 };
const illOne = { requests: 1, ill: 1 };

/**
 * The circuit breaker. It opens if the callers' failure rates are at least 50 % on average, over at least 20 requests within 5 s. Then it
 * lets one request per second through as a trial, and closes at the first one that succeeds.
 *
 * One caller with failing conferences must not open it for all: each caller counts once, however many requests it sends, and trials go
 * first to callers without a failure. Unknown callers count only if no accepted caller sends requests: anybody can make up tokens.
 *
 * Not cockatiel's circuit breaker: it reads the system's time, makes all others wait for the outcome of a trial, and counts every call,
 * even if its client has closed the connection.
 */
export function createCircuit({ clock, emit }: { readonly clock: Clock; readonly emit: Emit }): Circuit {
  const accepted = new FailureWindow();
  const unknown = new FailureWindow();
  let state: CircuitState = 'closed';
  let acceptedSeenAt = -Infinity;
  let quietUntil = 0;
  let newestTrial: Leave | undefined;
  /** Callers with a failed request before it opened, or with a failed trial since. */
  let failed = new Set<string>();
  /** Whether another caller was refused since the last trial. */
  let hasOther = false;

  const windowOf = ({ isAccepted }: KnownCaller) => (isAccepted ? accepted : unknown);

  const open = (ill: FailureWindow) => {
    state = 'open';
    quietUntil = clock.now() + quietMs;
    failed = new Set(ill.illCallers());
    hasOther = false;
    accepted.clear();
    unknown.clear();
    emit({ event: 'circuitChanged', state });
  };

  const close = () => {
    state = 'closed';
    failed.clear();
    emit({ event: 'circuitChanged', state });
  };

  const count = (caller: KnownCaller, ill: boolean) => {
    const now = clock.now();
    if (caller.isAccepted) acceptedSeenAt = now;
    windowOf(caller).add(caller.key, ill ? illOne : wellOne, now);
    const counted = now - acceptedSeenAt < windowMs ? accepted : unknown;
    if (ill && counted.isIll(now)) open(counted);
  };

  const ordinary: Leave = {
    settle(caller, ill) {
      // A request from before the opening does not tell how the upstream is now.
      if (state === 'closed' && ill !== undefined) count(caller, ill);
    },
  };

  const createTrial = (): Leave => {
    const trial: Leave = {
      settle({ key }, ill) {
        if (state === 'closed') return;
        if (ill === false) return close();
        if (ill) failed.add(key);
        if (trial !== newestTrial) return;
        // Without an event: an outage would write one log line per second.
        state = 'open';
        if (ill === undefined) quietUntil = clock.now();
      },
    };
    return trial;
  };

  /** While it is not closed. */
  const isQuietFor = ({ key }: KnownCaller) => {
    const givesWay = hasOther && failed.has(key);
    return clock.now() < quietUntil + (givesWay ? precedenceMs : 0);
  };

  const refuses = (caller: KnownCaller) => {
    const now = clock.now();
    if (caller.isAccepted) acceptedSeenAt = now;
    if (state === 'closed') return false;
    if (!isQuietFor(caller)) return false;
    if (!failed.has(caller.key)) hasOther = true;
    // Counts the caller as active, so that after the circuit closes, a single failing caller is not the only one known.
    windowOf(caller).add(caller.key, nothing, now);
    return true;
  };

  return {
    get state() {
      return state;
    },
    get untilTrialMs() {
      return state === 'closed' ? 0 : Math.max(0, quietUntil - clock.now());
    },
    refuses,
    ask(caller) {
      if (refuses(caller)) return undefined;
      if (state === 'closed') return ordinary;
      // A further trial is allowed while one is unanswered: a trial that stalls must not keep the circuit open.
      state = 'half-open';
      quietUntil = clock.now() + quietMs;
      hasOther = false;
      return (newestTrial = createTrial());
    },
  };
}
