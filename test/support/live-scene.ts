import { vi } from 'vitest';
import type { GatewayParts } from '../../src/gateway/gateway.ts';
import { createTestClock, type TestClock } from './clock.ts';
import { startTestGateway, type TestGateway } from './gateway.ts';
import { record, type Respond, startTestUpstream, type TestUpstream } from './upstream.ts';

/** A gateway whose time stands still, over an upstream that says what the test has set. */
export interface LiveScene extends AsyncDisposable {
  readonly clock: TestClock;
  readonly gateway: TestGateway;
  readonly upstream: TestUpstream;
  /** What the upstream answers to the question for an ID. */
  set(id: string, answer: Readonly<Record<string, unknown>> | Respond): void;
  /** Lets all pollers ask once, and waits until what came of it is told. */
  poll(calls?: number): Promise<void>;
  /** Lets time pass in small steps until somebody has asked, however long the pollers hold back. */
  pollLater(): Promise<void>;
  /** Waits until all calls are settled and what they came to is told. */
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
      // The window of a list.
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
