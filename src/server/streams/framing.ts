import type { LiveEvent, StreamError } from '../../graphql/live/sink.ts';

/** Encodes the events of a subscription for the body of an answer. */
export interface Framing {
  /** For the log. */
  readonly transport: 'sse' | 'multipart';
  readonly contentType: string;
  /** Sent before the first event. */
  readonly opening: string;
  readonly heartbeat: Buffer;
  /** Viewers with the same subscription get the same bytes. */
  event(event: LiveEvent): Buffer;
  /** Sent at the end of the subscription: the client should not reconnect. */
  readonly complete: Buffer;
  /** Sent if the stream ends before its subscription: the client should reconnect. Undefined if the end of the body says so. */
  interruption(error: StreamError): Buffer | undefined;
}

/** Encodes each event once, for all of its viewers. */
function framedOnce(frame: (json: string) => string): (event: LiveEvent) => Buffer {
  const framed = new WeakMap<LiveEvent, Buffer>();
  return (event) => {
    let bytes = framed.get(event);
    if (!bytes) framed.set(event, (bytes = Buffer.from(frame(event.json))));
    return bytes;
  };
}

/** Server-sent events, by graphql-sse's distinct connections mode. If a stream ends without `complete`, its client reconnects. */
export const eventStream: Framing = {
  transport: 'sse',
  contentType: 'text/event-stream; charset=utf-8',
  opening: '',
  heartbeat: Buffer.from(':\n\n'),
  // JSON text has no line breaks, so one `data` line is enough.
  event: framedOnce((json) => `event: next\ndata: ${json}\n\n`),
  // With an empty `data` line: a browser's EventSource ignores an event without one.
  complete: Buffer.from('event: complete\ndata: \n\n'),
  interruption: () => undefined,
};

const boundary = '\r\n--graphql';
const part = (json: string) => `\r\ncontent-type: application/json\r\n\r\n${json}${boundary}`;

/**
 * Apollo's multipart protocol for subscriptions, version 1.0. The boundary is sent together with the part before it: a client
 * processes a part only when it has read the boundary behind it.
 */
export const multipart: Framing = {
  transport: 'multipart',
  contentType: 'multipart/mixed; boundary="graphql"; subscriptionSpec="1.0"',
  opening: boundary,
  heartbeat: Buffer.from(part('{}')),
  event: framedOnce((json) => part(`{"payload":${json}}`)),
  complete: Buffer.from('--\r\n'),
  interruption: (error) => Buffer.from(`${part(JSON.stringify({ payload: null, errors: [error] }))}--\r\n`),
};
