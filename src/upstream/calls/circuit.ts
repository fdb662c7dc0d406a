import type { Emit } from '../../observe/events.ts';
import type { Clock } from '../../base/clock.ts';

export type CircuitState = 'closed' | 'open' | 'half-open';

/** Leave to send one request, while the upstream is well enough or as a trial of it. */
export interface Leave {
  /** Must be told once: whether the upstream was ill, or undefined where the request says nothing about it. */
  settle(ill: boolean | undefined): void;
}

export interface Circuit {
  readonly state: CircuitState;
  /** Whether nothing is to be sent now. */
  readonly refuses: boolean;
  /** Undefined where nothing is to be sent now. */
  ask(): Leave | undefined;
}

const windowMs = 5000;
const bucketMs = 500;
const minRequests = 20;
const minIllShare = 0.5;
/** From the opening to the first trial, and from one trial to the next. */
const quietMs = 1000;

interface Bucket {
  readonly begunAt: number;
  requests: number;
  ill: number;
}

/**
 * Spares an upstream that is ill: opens when at least half of at least 20 requests within 5 s were, then lets one through a second
 * as a trial, and closes with the first that is well.
 *
 * Not cockatiel's: that reads the system's time, lets all others wait for the outcome of a trial, and counts each call for or
 * against the upstream, one that its caller left included.
 */
export function createCircuit({ clock, emit }: { readonly clock: Clock; readonly emit: Emit }): Circuit {
  let state: CircuitState = 'closed';
  let quietUntil = 0;
  let newestTrial: Leave | undefined;
  let buckets: Bucket[] = [];

  const open = () => {
    state = 'open';
    quietUntil = clock.now() + quietMs;
    emit({ event: 'circuitChanged', state });
  };

  const close = () => {
    state = 'closed';
    buckets = [];
    emit({ event: 'circuitChanged', state });
  };

  const count = (ill: boolean) => {
    const now = clock.now();
    buckets = buckets.filter(({ begunAt }) => now - begunAt < windowMs);
    let newest = buckets.at(-1);
    if (!newest || now - newest.begunAt >= bucketMs)
      buckets.push((newest = { begunAt: now, requests: 0, ill: 0 }));
    newest.requests += 1;
    if (!ill) return;
    newest.ill += 1;
    const requests = buckets.reduce((sum, bucket) => sum + bucket.requests, 0);
    const illOnes = buckets.reduce((sum, bucket) => sum + bucket.ill, 0);
    if (requests >= minRequests && illOnes >= requests * minIllShare) open();
  };

  const ordinary: Leave = {
    settle(ill) {
      // What was sent before the circuit opened says nothing about the upstream as it is now.
      if (state === 'closed' && ill !== undefined) count(ill);
    },
  };

  const createTrial = (): Leave => {
    const trial: Leave = {
      settle(ill) {
        if (state === 'closed') return;
        if (ill === false) return close();
        if (trial !== newestTrial) return;
        // Not told: an outage would be a line a second.
        state = 'open';
        if (ill === undefined) quietUntil = clock.now();
      },
    };
    return trial;
  };

  return {
    get state() {
      return state;
    },
    get refuses() {
      return state !== 'closed' && clock.now() < quietUntil;
    },
    ask() {
      if (state === 'closed') return ordinary;
      if (this.refuses) return undefined;
      // Also while a trial is unanswered: one that stalls until its deadline must not keep the circuit open longer than the outage.
      state = 'half-open';
      quietUntil = clock.now() + quietMs;
      return (newestTrial = createTrial());
    },
  };
}
