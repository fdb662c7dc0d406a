import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { count, open, resources } from '../support/abandoned.ts';
import { handshake, message } from '../support/frames.ts';
import { startTestGateway } from '../support/gateway.ts';
import { record, startTestUpstream } from '../support/upstream.ts';

const init = message({ type: 'connection_init', payload: { token: 'anna' } });
const watch = (id: number) =>
  message({
    id: '1',
    type: 'subscribe',
    payload: { query: `subscription { conference(tempConferenceId: "${id}") { title } }` },
  });

/** The stage at which a socket is destroyed. */
const stages: ((id: number) => Buffer)[] = [
  () => Buffer.from(handshake.slice(0, 40)),
  () => Buffer.from(handshake),
  () => Buffer.concat([Buffer.from(handshake), init.subarray(0, 9)]),
  () => Buffer.concat([Buffer.from(handshake), init]),
  (id) => Buffer.concat([Buffer.from(handshake), init, watch(id)]),
  (id) => Buffer.concat([Buffer.from(handshake), init, watch(id), watch(id).subarray(0, 20)]),
];

describe('a thousand WebSockets', () => {
  it(
    'that are destroyed at any stage leave no call, no timer and no socket behind',
    { timeout: 60_000 },
    async () => {
      await using upstream = await startTestUpstream(record({ title: 'x', status: 2 }));
      await using gateway = await startTestGateway({
        UPSTREAM_URL: upstream.url,
        UPSTREAM_REUSE_CONNECTIONS: 'false',
        LIVE_INTERVAL_MS: '100',
      });
      const before = resources();
      for (let round = 0; round < 10; round += 1) {
        const begun = count(gateway, 'streamBegan');
        const sockets = await Promise.all(
          Array.from({ length: 100 }, async (_, at) =>
            open(gateway, stages[at % stages.length]?.(at % 10) ?? Buffer.alloc(0)),
          ),
        );
        // Some before anything was read, some later, some after the first event.
        if (round % 3 === 1) await turn();
        if (round % 3 === 2)
          await vi.waitFor(() => expect(count(gateway, 'streamBegan')).toBeGreaterThan(begun + 25), {
            timeout: 5000,
          });
        for (const socket of sockets) {
          if (round % 2) socket.destroy();
          else socket.resetAndDestroy();
        }
      }
      await vi.waitFor(() => expect(count(gateway, 'streamEnded')).toBeGreaterThan(75), { timeout: 5000 });
      expect(count(gateway, 'socketClosed')).toBeGreaterThan(200);
      // Not `waitFor`: its timers would count.
      const until = performance.now() + 10_000;
      while (resources() > before && performance.now() < until) await turn();
      expect(resources()).toBeLessThanOrEqual(before);
      // A stream begins with its first event: some have ended before.
      const ended = gateway.events.filter((event) => event.event === 'streamEnded' && event.sent > 0);
      expect(ended).toHaveLength(count(gateway, 'streamBegan'));
      const { length } = upstream.received;
      const reply = await gateway.ask('{ conference(tempConferenceId: "other") { title } }');
      expect(reply.data).toEqual({ conference: { title: 'x' } });
      expect(upstream.received.slice(length).map(({ id }) => id)).toEqual(['other']);
      expect(count(gateway, 'defect')).toBe(0);
    },
  );
});
