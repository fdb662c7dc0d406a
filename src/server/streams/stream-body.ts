import type { ServerResponse } from 'node:http';
import type { Clock } from '../../base/clock.ts';

/** The body of an answer that goes on: nothing waits here but the newest event. */
export interface StreamBody {
  /** Sends these bytes once what was sent before has left; if it has not by then, later bytes replace them. */
  write(bytes: Buffer): void;
  /** Sends what waits and these bytes, and ends the answer. */
  end(bytes?: Buffer): void;
}

export interface StreamBodyOptions {
  readonly clock: Clock;
  /** Sent when nothing else was for a while: proxies cut what is quiet. */
  readonly heartbeat: Buffer;
  /** The client does not read: its connection is ended. */
  readonly onStuck: () => void;
}

// Common proxies cut a connection that is quiet for 15 to 60 s.
const heartbeatMs = 12_000;
const stuckMs = 30_000;

export function createStreamBody(
  response: ServerResponse,
  { clock, heartbeat, onStuck }: StreamBodyOptions,
): StreamBody {
  let newest: Buffer | undefined;
  let last: { readonly bytes: Buffer | undefined } | undefined;
  let isSending = false;
  let sentAt = clock.now();
  let cancelStuck: (() => void) | undefined;

  const send = (bytes: Buffer) => {
    isSending = true;
    sentAt = clock.now();
    cancelStuck = clock.after(stuckMs, () => {
      onStuck();
      response.destroy();
    });
    response.write(bytes, onSent);
  };
  // Called when the system has taken the bytes, with an error where the connection has ended before.
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
    cancelBeat();
    if (bytes) response.end(bytes);
    else response.end();
  };

  let cancelBeat = () => {
    // Set below.
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
    cancelBeat();
    cancelStuck?.();
  });

  return {
    write(bytes) {
      // Writing to it would be an error that nothing handles.
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
