import type { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { count, open, resources } from '../support/abandoned.ts';
import { startTestGateway } from '../support/gateway.ts';
import { rawPost } from '../support/raw.ts';
import { record, startTestUpstream } from '../support/upstream.ts';

const subscription = (id: number, accept = 'text/event-stream') =>
  rawPost(`subscription { conference(tempConferenceId: "${id}") { title } }`, [
    'token: anna',
    `accept: ${accept}`,
  ]);

describe('a thousand streams', () => {
  it(
    'that are closed at any stage leave no call, no timer and no socket behind',
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
        const sockets = await Promise.all(
          Array.from({ length: 100 }, async (_, at) =>
            open(gateway, subscription(at % 10, at % 3 ? 'text/event-stream' : 'multipart/mixed')),
          ),
        );
        // Some before their request was read, some before their first event, some after.
        if (round % 3 === 1) await turn();
        if (round % 3 === 2) {
          const begun = count(gateway, 'streamBegan');
          await vi.waitFor(() => expect(count(gateway, 'streamBegan')).toBeGreaterThan(begun + 50), {
            timeout: 5000,
          });
        }
        for (const socket of sockets) {
          if (round % 2) socket.destroy();
          else socket.resetAndDestroy();
        }
      }
      await vi.waitFor(() => expect(count(gateway, 'streamEnded')).toBeGreaterThan(0), { timeout: 5000 });
      // Not `waitFor`: its own timers would count.
      const until = performance.now() + 10_000;
      while (resources() > before && performance.now() < until) await turn();
      expect(resources()).toBeLessThanOrEqual(before);
      const { length } = upstream.received;
      const reply = await gateway.ask('{ conference(tempConferenceId: "other") { title } }');
      expect(reply.data).toEqual({ conference: { title: 'x' } });
      expect(upstream.received.slice(length).map(({ id }) => id)).toEqual(['other']);
      expect(count(gateway, 'defect')).toBe(0);
    },
  );
});

describe('5,000 viewers', () => {
  it('do not delay the answer to a query', { timeout: 60_000 }, async () => {
    let title = 'one';
    await using upstream = await startTestUpstream((received, response) =>
      record({ title, status: 2 })(received, response),
    );
    await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url, LIVE_INTERVAL_MS: '500' });
    const sockets: Socket[] = [];
    for (let at = 0; at < 5000; at += 100) {
      sockets.push(
        ...(await Promise.all(
          Array.from({ length: 100 }, async (_, n) => open(gateway, subscription(n % 10))),
        )),
      );
    }
    await vi.waitFor(() => expect(count(gateway, 'streamBegan')).toBe(5000), { timeout: 20_000 });
    // One more is refused, and a query is not.
    title = 'two';
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => gateway.ask('{ conference(tempConferenceId: "q") { title } }')),
    );
    for (const { data } of answers) expect(data).toEqual({ conference: { title: 'two' } });
    const ten = upstream.received.filter(({ id }) => id !== 'q').length;
    expect(ten).toBeLessThan(1000);
    for (const socket of sockets) socket.destroy();
    await vi.waitFor(() => expect(count(gateway, 'streamEnded')).toBe(5000), { timeout: 10_000 });
  });
});
