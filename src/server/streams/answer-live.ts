import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../base/clock.ts';
import type { Live } from '../../graphql/live/live.ts';
import type { LiveRequest, Sink } from '../../graphql/live/sink.ts';
import type { StreamType } from '../request/accept.ts';
import { streamRetrySeconds } from './timing.ts';
import { refuse } from '../refusal.ts';
import { eventStream, type Framing, multipart } from './framing.ts';
import { createStreamBody, type StreamBody } from './stream-body.ts';

export interface LiveAnswerOptions {
  readonly live: Live;
  readonly clock: Clock;
  /** Called when the stream starts: from now on it is reported as a stream, not as a request. */
  readonly onBegin: () => void;
  /** Called with the code if there is no stream: the request is refused. */
  readonly onRefused: (code: string) => void;
}

/** Answers a subscription with a stream of events, or with 503 if the client should try again later. */
export function answerLive(
  request: IncomingMessage,
  response: ServerResponse,
  type: StreamType,
  asked: Omit<LiveRequest, 'transport'>,
  { live, clock, onBegin, onRefused }: LiveAnswerOptions,
): void {
  const framing = type === 'multipart/mixed' ? multipart : eventStream;
  let body: StreamBody | undefined;

  const begin = (): StreamBody => {
    onBegin();
    writeHead(response, framing);
    return createStreamBody(response, {
      clock,
      heartbeat: framing.heartbeat,
      onStuck: () => stream.leave('too_slow'),
    });
  };
  const sink: Sink = {
    next(event) {
      body ??= begin();
      body.write(framing.event(event));
    },
    complete: () => body?.end(framing.complete),
    interrupt: (error) => body?.end(framing.interruption(error)),
    refuse({ message, extensions: { code } }) {
      onRefused(code);
      refuse(request, response, {
        status: 503,
        message,
        code,
        retryAfterSeconds: streamRetrySeconds,
      });
    },
  };
  const stream = live.subscribe({ ...asked, transport: framing.transport }, sink);
  response.once('close', () => stream.leave('client_left'));
}

function writeHead(response: ServerResponse, { contentType, opening }: Framing): void {
  // nginx must not buffer the events, and no proxy may compress them.
  response.setHeader('cache-control', 'no-store, no-transform');
  response.setHeader('x-accel-buffering', 'no');
  response.writeHead(200, { 'content-type': contentType });
  if (opening) response.write(opening);
}
