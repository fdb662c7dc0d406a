import { ADDRCONFIG, lookup as systemLookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { Clock } from '../../base/clock.ts';

export interface ResolverParts {
  readonly clock: Clock;
  /** Replaces the system's name resolution. */
  readonly lookup?: LookupFunction | undefined;
  /** Called when the last known addresses are used. `reason` is the resolver's error code, or `NO_ANSWER`. */
  readonly notice?: ((reason: string) => void) | undefined;
}

/** Receives at least one address, or an error if the name has never been resolved. */
export type Resolved = (error: Error | null, addresses: readonly LookupAddress[]) => void;

interface Asked {
  readonly startedAt: number;
  readonly waiting: Set<Resolved>;
}

/** While there are known addresses, a connection waits no longer than this for newer ones. */
const patienceMs = 200;
/** A lookup that takes longer is abandoned for a new one. Not sooner: each lookup of the system blocks a thread until it ends. */
const abandonMs = 5000;

/**
 * Resolves the name for each new connection, to notice when its addresses change. Connections that open at the same time share a lookup.
 * If the resolver fails or does not answer within 200 ms, the last known addresses are used.
 */
export function createResolver(host: string, { clock, lookup = systemLookup, notice }: ResolverParts) {
  let known: readonly LookupAddress[] = [];
  let current: Asked | undefined;

  const finish = (asked: Asked, error: NodeJS.ErrnoException | null, found: unknown) => {
    const addresses: readonly LookupAddress[] = Array.isArray(found) ? found : [];
    // Ignore the answer of an abandoned lookup: it is older than the known addresses.
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
    // A lookup may call back synchronously: the caller must be registered before.
    process.nextTick(() =>
      lookup(host, { all: true, hints: ADDRCONFIG }, (error, found) => finish(asked, error, found)),
    );
    return asked;
  };

  /** Calls back exactly once, always asynchronously. */
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
