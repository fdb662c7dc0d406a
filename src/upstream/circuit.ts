import type { Emit } from '../observe/events.ts';
import type { Clock } from './clock.ts';

export type CircuitState = 'closed' | 'open' | 'half-open';

/** Leave to call while the upstream is well enough, or on trial. */
export interface Leave {
  /** Must be told once: whether the upstream was ill; undefined where the call says nothing about it. */
  settle(ill: boolean | undefined): void;
}

export interface Circuit {
  readonly state: CircuitState;
  /** Whether nothing is to be sent now. */
  readonly refuses: boolean;
  /** Undefined while the circuit is open: then nothing is to be sent. */
  ask(): Leave | undefined;
}

const windowMs = 5000;
const bucketMs = 500;
const minCalls = 20;
const minFailureShare = 0.5;
const openMs = 1000;

interface Bucket {
  readonly startedAt: number;
  calls: number;
  failures: number;
}

/**
 * Stops calling an upstream that is ill: opens at half of at least 20 calls failed within 5 s, lets one trial through after each
 * second, and closes with the first that succeeds. Not a library's: those that are kept take no clock, and let several trials
 * through at once or count what is no illness.
 */
export function createCircuit({ clock, emit }: { readonly clock: Clock; readonly emit: Emit }): Circuit {
  let state: CircuitState = 'closed';
  let openedAt = 0;
  let buckets: Bucket[] = [];

  const turn = (next: CircuitState) => {
    state = next;
    if (next === 'open') openedAt = clock.now();
    if (next === 'closed') buckets = [];
    emit({ event: 'circuitChanged', state });
  };

  const count = (ill: boolean) => {
    const now = clock.now();
    buckets = buckets.filter(({ startedAt }) => now - startedAt < windowMs);
    let bucket = buckets.at(-1);
    if (!bucket || now - bucket.startedAt >= bucketMs)
      buckets.push((bucket = { startedAt: now, calls: 0, failures: 0 }));
    bucket.calls += 1;
    if (ill) bucket.failures += 1;
    const calls = buckets.reduce((sum, one) => sum + one.calls, 0);
    const failures = buckets.reduce((sum, one) => sum + one.failures, 0);
    if (ill && calls >= minCalls && failures >= calls * minFailureShare) turn('open');
  };

  const ordinary: Leave = {
    // What was sent before the circuit opened says nothing about the upstream now.
    settle: (ill) => state === 'closed' && ill !== undefined && count(ill),
  };
  const trial = (): Leave => ({
    settle(ill) {
      // A trial that says nothing is followed by another at once.
      if (ill === undefined) {
        state = 'open';
        openedAt = -Infinity;
      } else turn(ill ? 'open' : 'closed');
    },
  });

  const refuses = () => state === 'half-open' || (state === 'open' && clock.now() - openedAt < openMs);

  return {
    get state() {
      return state;
    },
    get refuses() {
      return refuses();
    },
    ask() {
      if (state === 'closed') return ordinary;
      if (refuses()) return undefined;
      turn('half-open');
      return trial();
    },
  };
}
