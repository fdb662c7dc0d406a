import type { ServerResponse } from 'node:http';
import type { Clock } from '../../base/clock.ts';
import { heartbeatMs, stuckMs } from './timing.ts';

/** The body of a stream, with backpressure: at most one event waits, the newest. */
export interface StreamBody {
  /** Sends these bytes once the system has taken the previous ones. Until then, newer bytes replace them. */
  write(bytes: Buffer): void;
  /** Sends what waits, then these bytes, and ends the body. */
  end(bytes?: Buffer): void;
}

export interface StreamBodyOptions {
  readonly clock: Clock;
  /** Sent after a while without other bytes, so that proxies do not close an idle connection. */
  readonly heartbeat: Buffer;
  /** Called when the connection is destroyed because the client does not read. */
  readonly onStuck: () => void;
}

export function createStreamBody(
  response: ServerResponse,
  { clock, heartbeat, onStuck }: StreamBodyOptions,
): StreamBody {
  let newest: Buffer | undefined;
  let last: { readonly bytes: Buffer | undefined } | undefined;
  let isSending = false;
  let sentAt = clock.now();
  let cancelStuck: (() => void) | undefined;
  let cancelBeat: (() => void) | undefined;

  const send = (bytes: Buffer) => {
    isSending = true;
    sentAt = clock.now();
    cancelStuck = clock.after(stuckMs, () => {
      onStuck();
      response.destroy();
    });
    response.write(bytes, onSent);
  };
  // Called when the system has taken the bytes, or with an error if the connection ended before.
  const onSent = (error?: Error | null) => {
    cancelStuck?.();
    isSending = false;
    if (error || response.destroyed) return;
    const bytes = newest;
    newest = undefined;
    if (bytes) send(bytes);
    else if (last) finish(last.bytes);
  };
  const finish = (bytes: Buffer | undefined) => {
    cancelBeat?.();
    if (bytes) response.end(bytes);
    else response.end();
  };

  const beatAfter = (delayMs: number) => {
    cancelBeat = clock.after(delayMs, () => {
      const quietMs = clock.now() - sentAt;
      if (quietMs >= heartbeatMs && !isSending) send(heartbeat);
      beatAfter(quietMs >= heartbeatMs ? heartbeatMs : heartbeatMs - quietMs);
    });
  };
  beatAfter(heartbeatMs);
  response.once('close', () => {
    cancelBeat?.();
    cancelStuck?.();
  });

  return {
    write(bytes) {
      // A write would emit an error that nothing handles.
      if (response.destroyed) return;
      if (isSending) newest = bytes;
      else send(bytes);
    },
    end(bytes) {
      last = { bytes };
      if (!isSending) finish(bytes);
    },
  };
}
