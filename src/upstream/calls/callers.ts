import { hash } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';

/** The state of a caller. It is kept while the caller has calls; that of an accepted caller for ten minutes. */
export interface KnownCaller {
  /** A hash of its token: the token itself is not kept. */
  readonly key: string;
  /** Whether the upstream has answered its token with status 0 within the last ten minutes, and not refused it since. */
  isAccepted: boolean;
  /** In the clock's milliseconds; of no meaning while it is not accepted. */
  acceptedAt: number;
  /** When it was last moved to the end of the accepted callers. */
  movedAt: number;
  /** Turns that it has. */
  held: number;
  /** Calls that wait for one, and in which of the two queues. */
  waiting: number;
  waitsAsAccepted: boolean;
  /** Turns that it may have at once since its calls have hung, and when they last did. */
  heldBackTo: number;
  hungAt: number;
}

export interface Callers {
  /** The accepted ones that are remembered. */
  readonly accepted: number;
  /** The state of the caller with this key; a fresh one for a new caller. */
  find(key: string): KnownCaller;
  /** The caller has calls now. */
  keep(caller: KnownCaller): void;
  /** The caller has no calls any more. */
  drop(caller: KnownCaller): void;
  /** The upstream has answered its token with status 0. */
  accept(caller: KnownCaller): void;
  /** The upstream has refused its token. */
  refuse(caller: KnownCaller): void;
}

const acceptedMs = 600_000;
/** A caller is not moved again within this time, because a move costs 1 µs. */
const moveMs = 1000;
/** About 2 MB. Beyond it, the least recently accepted caller is evicted and becomes unknown again. */
const maxAccepted = 10_000;

/** 0.5 µs. Nothing that outlives a call may hold its token. */
export const keyOf = (token: string): string => hash('sha256', token, 'base64');

export function createCallers(clock: Clock): Callers {
  /** In the order in which they were last accepted, to within a second. */
  const accepted = new Map<string, KnownCaller>();
  const unknown = new Map<string, KnownCaller>();

  const isOld = ({ acceptedAt }: KnownCaller) => clock.now() - acceptedAt >= acceptedMs;

  const demote = (caller: KnownCaller) => {
    accepted.delete(caller.key);
    caller.isAccepted = false;
    if (caller.held > 0 || caller.waiting > 0) unknown.set(caller.key, caller);
  };

  const demoteOldest = () => {
    for (const caller of accepted.values()) {
      if (accepted.size <= maxAccepted && !isOld(caller)) return;
      demote(caller);
    }
  };

  return {
    get accepted() {
      return accepted.size;
    },
    find(key) {
      const known = accepted.get(key) ?? unknown.get(key);
      if (!known) return createCaller(key);
      if (known.isAccepted && isOld(known)) demote(known);
      return known;
    },
    keep(caller) {
      if (!caller.isAccepted) unknown.set(caller.key, caller);
    },
    drop(caller) {
      if (!caller.isAccepted) unknown.delete(caller.key);
    },
    accept(caller) {
      const now = clock.now();
      if (caller.isAccepted) {
        caller.acceptedAt = now;
        if (now - caller.movedAt < moveMs) return;
        accepted.delete(caller.key);
      } else unknown.delete(caller.key);
      caller.isAccepted = true;
      caller.acceptedAt = now;
      caller.movedAt = now;
      accepted.set(caller.key, caller);
      demoteOldest();
    },
    refuse: demote,
  };
}

const createCaller = (key: string): KnownCaller => ({
  key,
  isAccepted: false,
  acceptedAt: -Infinity,
  movedAt: -Infinity,
  held: 0,
  waiting: 0,
  waitsAsAccepted: false,
  heldBackTo: Infinity,
  hungAt: -Infinity,
});
