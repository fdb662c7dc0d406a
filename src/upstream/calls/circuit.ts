import type { Emit } from '../../observe/events.ts';
import type { Clock } from '../../base/clock.ts';
import type { KnownCaller } from './callers.ts';
import { FailureWindow, windowMs } from './failure-window.ts';

export type CircuitState = 'closed' | 'open' | 'half-open';

/** Leave to send one request, while the upstream is well enough or as a trial of it. */
export interface Leave {
  /** Must be told once: whether the upstream was ill, or undefined where the request says nothing about it. */
  settle(caller: KnownCaller, ill: boolean | undefined): void;
}

export interface Circuit {
  readonly state: CircuitState;
  /** Milliseconds to the next trial; 0 where one may be made now. */
  readonly untilTrialMs: number;
  /** Whether nothing of this caller is to be sent now. */
  refuses(caller: KnownCaller): boolean;
  /** Undefined where nothing of this caller is to be sent now. */
  ask(caller: KnownCaller): Leave | undefined;
}

/** From the opening to the first trial, and from one trial to the next. */
const quietMs = 1000;
/** How much longer a caller waits whose trial has failed, so that another one tries. */
const precedenceMs = 500;

const nothing = { requests: 0, ill: 0 };
const wellOne = { requests: 1, ill: 0 };
const illOne = { requests: 1, ill: 1 };

/**
 * Spares an upstream that is ill: opens when the callers' shares of ill requests are at least a half on average, over at least 20
 * requests within 5 s, then lets one through a second as a trial, and closes with the first that is well.
 *
 * A caller whose conferences fail must not close the way for all: its share counts once, however much it asks, and the trials go to
 * callers whose requests have not failed yet, as long as there are such. Unknown callers count only while no accepted one asks: tokens are free
 * to make up.
 *
 * Not cockatiel's: that reads the system's time, lets all others wait for the outcome of a trial, and counts each call for or
 * against the upstream, one that its caller left included.
 */
export function createCircuit({ clock, emit }: { readonly clock: Clock; readonly emit: Emit }): Circuit {
  const accepted = new FailureWindow();
  const unknown = new FailureWindow();
  let state: CircuitState = 'closed';
  let acceptedSeenAt = -Infinity;
  let quietUntil = 0;
  let newestTrial: Leave | undefined;
  /** Callers that were ill before or as a trial, since it opened. */
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
      // What was sent before the circuit opened says nothing about the upstream as it is now.
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
        // Not told: an outage would be a line a second.
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
    // It is there: should the circuit close, one that is ill is not alone.
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
      // Also while a trial is unanswered: one that stalls until its deadline must not keep the circuit open longer than the outage.
      state = 'half-open';
      quietUntil = clock.now() + quietMs;
      hasOther = false;
      return (newestTrial = createTrial());
    },
  };
}
