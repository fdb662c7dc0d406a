import { vi } from 'vitest';
import type { GatewayParts } from '../../src/gateway/gateway.ts';
import { createTestClock, type TestClock } from './clock.ts';
import { startTestGateway, type TestGateway } from './gateway.ts';
import { record, type Respond, startTestUpstream, type TestUpstream } from './upstream.ts';

/** A gateway with a test clock, and an upstream with answers that the test sets. */
export interface LiveScene extends AsyncDisposable {
  readonly clock: TestClock;
  readonly gateway: TestGateway;
  readonly upstream: TestUpstream;
  /** Sets the upstream's answer for an ID. */
  set(id: string, answer: Readonly<Record<string, unknown>> | Respond): void;
  /** Moves the time until all pollers have polled once, and waits until the events are sent. */
  poll(calls?: number): Promise<void>;
  /** Moves the time in small steps until there is a poll, however long the backoff is. */
  pollLater(): Promise<void>;
  /** Waits until all calls are settled and their events are sent. */
  settle(): Promise<void>;
}

export const intervalMs = 2000;

export async function startLiveScene(
  env: Readonly<Record<string, string>> = {},
  parts: Omit<GatewayParts, 'emit' | 'clock'> = {},
): Promise<LiveScene> {
  const answers = new Map<string, Respond>();
  const clock = createTestClock();
  const upstream = await startTestUpstream((received, response) =>
    (answers.get(received.id) ?? record({ title: `Conference ${received.id}`, status: 2 }))(
      received,
      response,
    ),
  );
  const gateway = await startTestGateway({ UPSTREAM_URL: upstream.url, ...env }, { clock, ...parts });
  const settled = () => gateway.events.filter(({ event }) => event === 'upstreamCall').length;
  const settle = async () => {
    await vi.waitFor(
      () => {
        if (settled() < upstream.received.length) throw new Error('a call is under way');
      },
      { interval: 2, timeout: 5000 },
    );
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    clock,
    gateway,
    upstream,
    settle,
    set: (id, answer) => answers.set(id, typeof answer === 'function' ? answer : record(answer)),
    async poll(calls = 1) {
      const before = upstream.received.length;
      clock.advance(intervalMs * 1.1);
      await vi.waitFor(
        () => {
          if (upstream.received.length < before + calls) throw new Error('nothing was asked');
        },
        { interval: 2, timeout: 5000 },
      );
      await settle();
      // The window in which the changes of a list are collected.
      clock.advance(250);
      await settle();
    },
    async pollLater() {
      const before = upstream.received.length;
      for (let steps = 0; upstream.received.length === before; steps += 1) {
        if (steps > 1000) throw new Error('nothing was asked');
        clock.advance(100);
        for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      }
      await settle();
    },
    async [Symbol.asyncDispose]() {
      await gateway.close();
      await upstream[Symbol.asyncDispose]();
    },
  };
}
