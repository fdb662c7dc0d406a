import { describe, expect, it } from 'vitest';
import { conferenceInfo } from '../../src/domains/conference/endpoint.ts';
import { Operation } from '../../src/graphql/operation.ts';
import { Answer } from '../../src/upstream/answer/answer.ts';

/** An operation, and the IDs of its calls. */
function startOperation(maxCalls: number) {
  const calls: string[] = [];
  const caller = {
    call: async (_endpoint: unknown, id: string) => {
      calls.push(id);
      const outcome = new Answer(id, { title: id }, 0, {});
      return { outcome, waitedMs: 0, durationMs: 0, attempts: 1, shared: false };
    },
  };
  const { signal } = new AbortController();
  const request = { requestId: '1', signal, traceparent: undefined, trace: undefined };
  const operation = new Operation(caller, request, { maxCalls, maxBytes: 1000, maxFields: 1000 });
  const load = async (id: string) => (await operation.load(conferenceInfo, id)).id;
  return { calls, load };
}

describe('operations that load in the same tick', () => {
  it('have a budget each, counted before their first call, however many they are', async () => {
    const operations = Array.from({ length: 200 }, (_, nth) => startOperation(nth % 2 === 0 ? 3 : 2));
    const loading = operations.map(async ({ load }, nth) => {
      // An await of what has settled is still in this tick; an await of I/O is not.
      const behind = Promise.resolve().then(() => load(`${nth}-c`));
      return Promise.allSettled([load(`${nth}-a`), load(`${nth}-b`), behind]);
    });
    const settled = await Promise.all(loading);
    for (const [nth, { calls }] of operations.entries()) {
      const ids = ['a', 'b', 'c'].map((name) => `${nth}-${name}`);
      const isEnough = nth % 2 === 0;
      expect(calls).toEqual(isEnough ? ids : []);
      expect(settled[nth]?.map((one) => ('value' in one ? one.value : one.reason.extensions.code))).toEqual(
        isEnough ? ids : ids.map(() => 'TOO_MANY_UPSTREAM_CALLS'),
      );
    }
  });

  it('load an ID once, and later IDs in later ticks', async () => {
    const { calls, load } = startOperation(3);
    expect(await Promise.all([load('1'), load('1'), load('2')])).toEqual(['1', '1', '2']);
    expect(await Promise.all([load('2'), load('1')])).toEqual(['2', '1']);
    expect(calls).toEqual(['1', '2']);
    expect(await load('3')).toBe('3');
    expect(calls).toEqual(['1', '2', '3']);
    await expect(load('4')).rejects.toMatchObject({ extensions: { code: 'TOO_MANY_UPSTREAM_CALLS' } });
    expect(calls).toHaveLength(3);
  });
});
