import { ADDRCONFIG, lookup as systemLookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { Clock } from '../../base/clock.ts';

export interface ResolverParts {
  readonly clock: Clock;
  /** The name's resolution, where it is not the system's. */
  readonly lookup?: LookupFunction | undefined;
  /** Is told why the last known addresses are used: the resolver's word, or `NO_ANSWER`. */
  readonly notice?: ((reason: string) => void) | undefined;
}

/** At least one address, or an error where none was ever known. */
export type Resolved = (error: Error | null, addresses: readonly LookupAddress[]) => void;

interface Asked {
  readonly startedAt: number;
  readonly waiting: Set<Resolved>;
}

/** While there are known addresses, a connection waits no longer than this for newer ones. */
const patienceMs = 200;
/** A lookup that takes longer is given up for a new one. No sooner: each of the system's holds a thread until it ends. */
const abandonMs = 5000;

/**
 * Resolves one name anew for each connection, so that it is followed when it moves. Connections that open at the same time share a
 * lookup. Once it has resolved, a resolver that fails or is silent costs nothing but 200 ms: the last known addresses serve until it
 * gives others.
 */
export function createResolver(host: string, { clock, lookup = systemLookup, notice }: ResolverParts) {
  let known: readonly LookupAddress[] = [];
  let current: Asked | undefined;

  const finish = (asked: Asked, error: NodeJS.ErrnoException | null, found: unknown) => {
    const addresses: readonly LookupAddress[] = Array.isArray(found) ? found : [];
    // The answer to a lookup that was given up is older than what is known by now.
    if (current === asked) {
      current = undefined;
      if (addresses.length > 0) known = addresses;
      else if (known.length > 0) notice?.(error?.code ?? 'ENODATA');
    }
    for (const resolved of asked.waiting) {
      if (known.length > 0) resolved(null, known);
      else resolved(error ?? new Error('the name has no address'), addresses);
    }
  };

  const ask = (): Asked => {
    const asked = { startedAt: clock.now(), waiting: new Set<Resolved>() };
    current = asked;
    // A lookup may call back before it returns: whoever asked for it must be waiting by then.
    process.nextTick(() =>
      lookup(host, { all: true, hints: ADDRCONFIG }, (error, found) => finish(asked, error, found)),
    );
    return asked;
  };

  /** Calls back once, and not before it has returned. */
  return (resolved: Resolved): void => {
    const isSilent = current !== undefined && clock.now() - current.startedAt >= abandonMs;
    if (isSilent && known.length > 0) notice?.('NO_ANSWER');
    const asked = current && !isSilent ? current : ask();
    if (known.length === 0) return void asked.waiting.add(resolved);
    const leftMs = asked.startedAt + patienceMs - clock.now();
    if (leftMs <= 0) return process.nextTick(resolved, null, known);
    const inTime: Resolved = (...result) => {
      cancel();
      resolved(...result);
    };
    const cancel = clock.after(leftMs, () => {
      asked.waiting.delete(inTime);
      resolved(null, known);
    });
    asked.waiting.add(inTime);
  };
}
