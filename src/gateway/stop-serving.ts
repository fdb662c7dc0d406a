import type { Live } from '../graphql/live/live.ts';
import type { Emit } from '../observe/events.ts';
import type { Drain } from '../server/drain.ts';
import type { Listening } from '../server/listener/listen.ts';
import type { WebSockets } from '../server/websocket/websockets.ts';
import type { Config } from '../settings/config.ts';

export interface ServingParts {
  readonly drain: Drain;
  readonly live: Live;
  readonly webSockets: WebSockets;
  readonly emit: Emit;
}

/** Drains the server within `DRAIN_DELAY_MS` and `DRAIN_TIMEOUT_MS`, streams and WebSockets included. */
export async function stopServing(
  listening: Listening,
  { nodeEnv, drainDelayMs, drainTimeoutMs }: Config,
  { drain, live, webSockets, emit }: ServingParts,
): Promise<void> {
  // In production the viewers come back to the other replicas: spread out, so that they do not come all at once.
  const spreadMs = nodeEnv === 'production' ? drainTimeoutMs / 2 : 0;
  const cut = await drain.run(listening, {
    delayMs: drainDelayMs,
    timeoutMs: drainTimeoutMs,
    endStreams() {
      live.drain(spreadMs);
      webSockets.drain(spreadMs);
    },
  });
  await webSockets.closed();
  if (cut.connections > 0) emit({ event: 'cut', reason: 'DRAIN_TIMEOUT_MS', ...cut });
}
