import { describe, expect, it, vi } from 'vitest';
import type { Settled } from '../../../src/upstream/caller.ts';
import { Sharing } from '../../../src/upstream/calls/sharing.ts';
import type { Signal } from '../../../src/base/signal.ts';
import { createTestClock } from '../../support/clock.ts';

const joinableMs = 1000;

/** Calls in flight of one caller, each of which the test settles. */
function openSharing() {
  const clock = createTestClock();
  const onEmpty = vi.fn<() => void>();
  const sharing = new Sharing<string>(clock, joinableMs, onEmpty);
  const begun: { readonly key: string; readonly signal: Signal; settle(): void }[] = [];
  const join = (key: string, signal = new AbortController().signal) =>
    sharing.join(key, signal, (abandoned) => {
      const { promise, resolve } = Promise.withResolvers<Settled>();
      begun.push({
        key,
        signal: abandoned,
        settle: () =>
          resolve({ outcome: { kind: 'timeout' }, waitedMs: 7, durationMs: 30, attempts: 2, shared: false }),
      });
      return promise;
    });
  return { clock, onEmpty, begun, join };
}

describe('a call in flight', () => {
  it('is joined by requests for the same, and each gets its own view of it', async () => {
    const { clock, begun, join, onEmpty } = openSharing();
    const first = join('1');
    clock.advance(20);
    const second = join('1');
    clock.advance(10);
    begun[0]?.settle();
    expect(begun).toHaveLength(1);
    expect(await first).toMatchObject({
      outcome: { kind: 'timeout' },
      shared: false,
      waitedMs: 7,
      durationMs: 30,
    });
    expect(await second).toMatchObject({
      outcome: { kind: 'timeout' },
      shared: true,
      waitedMs: 0,
      durationMs: 10,
    });
    expect(onEmpty).toHaveBeenCalledOnce();
  });

  it('is not joined by requests for anything else', () => {
    const { begun, join } = openSharing();
    void join('1');
    void join('2');
    expect(begun.map(({ key }) => key)).toEqual(['1', '2']);
  });

  it('is not joined once it is over', async () => {
    const { begun, join } = openSharing();
    const first = join('1');
    begun[0]?.settle();
    await first;
    void join('1');
    expect(begun).toHaveLength(2);
  });

  it('is joined while half of its time is left, and no later', () => {
    const { clock, begun, join } = openSharing();
    void join('1');
    clock.advance(joinableMs);
    void join('1');
    expect(begun).toHaveLength(1);
    clock.advance(1);
    void join('1');
    expect(begun).toHaveLength(2);
    void join('1');
    expect(begun).toHaveLength(2);
  });

  it('that is too old does not remove the younger one from the table when it ends', async () => {
    const { clock, begun, join, onEmpty } = openSharing();
    const old = join('1');
    clock.advance(joinableMs + 1);
    void join('1');
    begun[0]?.settle();
    await old;
    void join('1');
    expect(begun).toHaveLength(2);
    expect(onEmpty).not.toHaveBeenCalled();
  });
});

describe('a request that leaves a call in flight', () => {
  it('does not end it for another request that waits', async () => {
    const { begun, join } = openSharing();
    const leaver = new AbortController();
    const left = join('1', leaver.signal);
    const stayed = join('1');
    leaver.abort();
    expect((await left).outcome).toEqual({ kind: 'aborted' });
    expect(begun[0]?.signal.aborted).toBe(false);
    begun[0]?.settle();
    expect((await stayed).outcome).toEqual({ kind: 'timeout' });
  });

  it('ends it as the last one, and removes it from the table in the same step', () => {
    const { begun, join, onEmpty } = openSharing();
    const leavers = [new AbortController(), new AbortController()];
    for (const { signal } of leavers) void join('1', signal);
    leavers[0]?.abort();
    expect(begun[0]?.signal.aborted).toBe(false);
    // A request that comes while the call is being aborted must not join it.
    begun[0]?.signal.addEventListener('abort', { handleEvent: () => void join('1') });
    leavers[1]?.abort();
    expect(begun[0]?.signal.aborted).toBe(true);
    expect(begun).toHaveLength(2);
    expect(begun[1]?.signal.aborted).toBe(false);
    expect(onEmpty).toHaveBeenCalledOnce();
  });

  it('leaves no listener on the signals of the requests that stayed', async () => {
    const { begun, join } = openSharing();
    const { signal } = new AbortController();
    const removed = vi.spyOn(signal, 'removeEventListener');
    const stayed = join('1', signal);
    begun[0]?.settle();
    await stayed;
    expect(removed).toHaveBeenCalledOnce();
  });
});
