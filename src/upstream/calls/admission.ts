import type { Clock } from '../../base/clock.ts';
import type { Priority } from '../caller.ts';
import type { UnavailableReason } from '../failures.ts';

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
   * @param priority a poll is never queued: it takes at most half of the turns, and none while a query waits. Otherwise it is
   * refused at once, as `no-room`.
   */
  enter(caller: string, call: Admissible, priority: Priority): Promise<Admitted> | Admitted;
}

/** What a call that asks for a turn tells of itself. */
export interface Admissible {
  /** In the clock's milliseconds. */
  readonly deadline: number;
  /** Aborted when nobody waits for the call any more, or its deadline has passed: it then gives up its place. */
  readonly signal: AbortSignal;
}

type Waiter = (admitted: Admitted) => void;

/** Those of one caller who wait, in the order in which they came. */
interface Line {
  readonly caller: string;
  readonly waiters: Set<Waiter>;
}

/** How much the newest call moves the measured average, at most. */
const maxNewestWeight = 0.1;

/** A bulkhead: so many calls at once, so many waiting, and no caller's line in the way of another's. */
export function createAdmission(
  { concurrency, queue }: { readonly concurrency: number; readonly queue: number },
  clock: Clock,
): Admission {
  const lines = new Map<string, Line>();
  // Each line is served once a round, so those with more than k waiting are in round k. It tells at once who is next, which line
  // is the longest and how many are served before somebody: in overload there is no time to go through all lines.
  const rounds: Set<Line>[] = [];
  let waiting = 0;
  let inFlight = 0;
  let polls = 0;
  const maxPolls = Math.max(1, Math.floor(concurrency / 2));
  let averageCallMs = 0;
  // About as many calls as run at once: a few of them that stall end at one moment, and must not be taken for the pace.
  const newestWeight = Math.min(maxNewestWeight, 1 / concurrency);

  const begin = (priority: Priority): Turn => {
    const isPoll = priority === 'poll';
    inFlight += 1;
    if (isPoll) polls += 1;
    const begunAt = clock.now();
    return {
      kind: 'turn',
      end() {
        inFlight -= 1;
        if (isPoll) polls -= 1;
        const tookMs = clock.now() - begunAt;
        averageCallMs =
          averageCallMs === 0 ? tookMs : averageCallMs + (tookMs - averageCallMs) * newestWeight;
        serveNext();
      },
    };
  };

  const add = (caller: string, waiter: Waiter) => {
    let line = lines.get(caller);
    if (!line) lines.set(caller, (line = { caller, waiters: new Set() }));
    (rounds[line.waiters.size] ??= new Set()).add(line);
    line.waiters.add(waiter);
    waiting += 1;
    return line;
  };

  const remove = (line: Line, waiter: Waiter) => {
    if (!line.waiters.delete(waiter)) return;
    waiting -= 1;
    rounds[line.waiters.size]?.delete(line);
    if (rounds.at(-1)?.size === 0) rounds.pop();
    if (line.waiters.size === 0) lines.delete(line.caller);
  };

  const serveNext = () => {
    const [round] = rounds;
    const [line] = round ?? [];
    const [waiter] = line?.waiters ?? [];
    if (!round || !line || !waiter) return;
    remove(line, waiter);
    // To the end of the round.
    if (round.delete(line)) round.add(line);
    waiter(begin('query'));
  };

  /** Whether those who are served before leave no hope of a turn in time, at the pace measured so far. */
  const isHopeless = (own: number, deadline: number) => {
    const before = rounds.slice(0, own + 1).reduce((sum, round) => sum + round.size, 0);
    return clock.now() + ((before + 1) / concurrency) * averageCallMs > deadline;
  };

  /** Takes the newest place of the longest line; of several, of the one that is served last. */
  const cutLongest = () => {
    const line = [...(rounds.at(-1) ?? [])].at(-1);
    const newest = line && [...line.waiters].at(-1);
    if (!newest) return;
    remove(line, newest);
    newest({ kind: 'refused', reason: 'queue-cut' });
  };

  return {
    get inFlight() {
      return inFlight;
    },
    get waiting() {
      return waiting;
    },
    enter(caller, { deadline, signal }, priority) {
      const isFree = inFlight < concurrency;
      if (priority === 'poll')
        return isFree && polls < maxPolls ? begin(priority) : { kind: 'refused', reason: 'no-room' };
      if (isFree) return begin(priority);
      const own = lines.get(caller)?.waiters.size ?? 0;
      const isFull = waiting >= queue;
      // With this call in it, its own line would be as long as the longest: to cut another's then would be no fairer.
      if (isFull && own + 1 >= rounds.length) return { kind: 'refused', reason: 'queue-full' };
      if (isHopeless(own, deadline)) return { kind: 'refused', reason: 'no-chance' };
      if (isFull) cutLongest();
      return new Promise((resolve) => {
        const leave = () => {
          remove(line, waiter);
          resolve({ kind: 'left' });
        };
        const waiter: Waiter = (admitted) => {
          signal.removeEventListener('abort', leave);
          resolve(admitted);
        };
        signal.addEventListener('abort', leave, { once: true });
        const line = add(caller, waiter);
      });
    },
  };
}
