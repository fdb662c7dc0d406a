import type { Clock } from './clock.ts';
import type { UnavailableReason } from './failures.ts';

/** A turn to call: `end` must be told once. */
export interface Turn {
  readonly kind: 'turn';
  end(): void;
}

export type Admitted =
  | Turn
  | { readonly kind: 'refused'; readonly reason: UnavailableReason }
  | { readonly kind: 'left' };

export interface Admission {
  readonly inFlight: number;
  readonly waiting: number;
  /**
   * Waits for a turn in the line of `caller`; callers are served in turn. Refuses at once where waiting is hopeless.
   *
   * @param deadline in the clock's milliseconds.
   * @param signal aborted when nobody waits for the call any more, or its deadline has passed: it then gives up its place.
   */
  enter(caller: string, deadline: number, signal: AbortSignal): Promise<Admitted> | Admitted;
}

interface Waiter {
  readonly admit: (admitted: Admitted) => void;
}

/** How much the newest call moves the measured average. */
const newestWeight = 0.1;

/** A bulkhead: so many calls at once, so many waiting, and no caller's line in the way of another's. */
export function createAdmission(
  { concurrency, queue }: { readonly concurrency: number; readonly queue: number },
  clock: Clock,
): Admission {
  // A line a caller, in the order in which they are served next: who has been served goes to the end.
  const lines = new Map<string, Set<Waiter>>();
  let waiting = 0;
  let inFlight = 0;
  let averageCallMs: number | undefined;

  const start = (): Turn => {
    inFlight += 1;
    const startedAt = clock.now();
    return {
      kind: 'turn',
      end() {
        inFlight -= 1;
        const tookMs = clock.now() - startedAt;
        averageCallMs =
          averageCallMs === undefined ? tookMs : averageCallMs + (tookMs - averageCallMs) * newestWeight;
        serveNext();
      },
    };
  };

  const remove = (caller: string, waiter: Waiter) => {
    const line = lines.get(caller);
    if (!line?.delete(waiter)) return;
    waiting -= 1;
    if (line.size === 0) lines.delete(caller);
  };

  const serveNext = () => {
    const [next] = lines;
    if (!next || inFlight >= concurrency) return;
    const [caller, line] = next;
    const [waiter] = line;
    if (!waiter) return;
    remove(caller, waiter);
    if (lines.delete(caller)) lines.set(caller, line);
    waiter.admit(start());
  };

  const longestLine = () => {
    let longest: { caller: string; line: Set<Waiter> } | undefined;
    for (const [caller, line] of lines)
      if (!longest || line.size > longest.line.size) longest = { caller, line };
    return longest;
  };

  /** Whether the calls that would be served before leave no hope of a turn in time, at the pace measured so far. */
  const isHopeless = (own: number, deadline: number) => {
    if (averageCallMs === undefined) return false;
    let ahead = 0;
    for (const line of lines.values()) ahead += Math.min(line.size, own + 1);
    return clock.now() + ((ahead + 1) / concurrency) * averageCallMs > deadline;
  };

  return {
    get inFlight() {
      return inFlight;
    },
    get waiting() {
      return waiting;
    },
    enter(caller, deadline, signal) {
      if (inFlight < concurrency) return start();
      const own = lines.get(caller)?.size ?? 0;
      if (isHopeless(own, deadline)) return { kind: 'refused', reason: 'no-chance' };
      if (waiting >= queue) {
        const longest = longestLine();
        const newest = longest && [...longest.line].at(-1);
        if (!newest || own >= longest.line.size) return { kind: 'refused', reason: 'queue-full' };
        remove(longest.caller, newest);
        newest.admit({ kind: 'refused', reason: 'queue-cut' });
      }
      return new Promise((resolve) => {
        const leave = () => {
          remove(caller, waiter);
          resolve({ kind: 'left' });
        };
        const waiter: Waiter = {
          admit(admitted) {
            signal.removeEventListener('abort', leave);
            resolve(admitted);
          },
        };
        signal.addEventListener('abort', leave, { once: true });
        let line = lines.get(caller);
        if (!line) lines.set(caller, (line = new Set()));
        line.add(waiter);
        waiting += 1;
      });
    },
  };
}
