import type { LookupAddress } from 'node:dns';
import type { Socket } from 'node:net';
import type { Clock } from '../../base/clock.ts';

const suspectMs = 60_000;

/**
 * Addresses that could not be reached in the last minute: they are tried last. Otherwise, if IPv4 or IPv6 does not work, each new connection
 * would first wait for a dead address.
 */
export function createSuspects(clock: Clock) {
  const failedAt = new Map<string, number>();
  const suspect = (address: string) => void failedAt.set(address, clock.now());
  return {
    watch(socket: Socket): void {
      socket
        .on('connectionAttemptTimeout', suspect)
        .on('connectionAttemptFailed', suspect)
        .once('connect', () => {
          if (socket.remoteAddress !== undefined) failedAt.delete(socket.remoteAddress);
        });
    },
    /** The addresses in their order, suspects last. */
    inOrder(addresses: readonly LookupAddress[]): readonly LookupAddress[] {
      const now = clock.now();
      for (const [address, at] of failedAt) if (now - at >= suspectMs) failedAt.delete(address);
      if (failedAt.size === 0) return addresses;
      return addresses.toSorted(
        (one, other) => Number(failedAt.has(one.address)) - Number(failedAt.has(other.address)),
      );
    },
  };
}
