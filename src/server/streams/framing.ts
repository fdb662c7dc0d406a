import type { LiveEvent, StreamError } from '../../graphql/live/sink.ts';

/** How the events of a subscription are written into the body of an answer. */
export interface Framing {
  /** For the log. */
  readonly transport: 'sse' | 'multipart';
  readonly contentType: string;
  /** Comes before the first event. */
  readonly opening: string;
  readonly heartbeat: Buffer;
  /** Equal viewers get the same bytes. */
  event(event: LiveEvent): Buffer;
  /** The subscription is over: the client must not ask again. */
  readonly complete: Buffer;
  /** The stream ends, and the client should come back. Undefined where only the end of the body can say so. */
  interruption(error: StreamError): Buffer | undefined;
}

/** Frames each event once, however many viewers it has. */
function framedOnce(frame: (json: string) => string): (event: LiveEvent) => Buffer {
  const framed = new WeakMap<LiveEvent, Buffer>();
  return (event) => {
    let bytes = framed.get(event);
    if (!bytes) framed.set(event, (bytes = Buffer.from(frame(event.json))));
    return bytes;
  };
}

/** Server-sent events as graphql-sse's distinct connections mode has them. A stream that ends without `complete` is not over. */
export const eventStream: Framing = {
  transport: 'sse',
  contentType: 'text/event-stream; charset=utf-8',
  opening: '',
  heartbeat: Buffer.from(':\n\n'),
  // JSON text has no line breaks.
  event: framedOnce((json) => `event: next\ndata: ${json}\n\n`),
  // With data, if empty: a browser's EventSource passes over an event that has none.
  complete: Buffer.from('event: complete\ndata: \n\n'),
  interruption: () => undefined,
};

const boundary = '\r\n--graphql';
const part = (json: string) => `\r\ncontent-type: application/json\r\n\r\n${json}${boundary}`;

/**
 * Apollo's multipart protocol for subscriptions, version 1.0. The boundary comes right behind each part, not before the next: a
 * client takes a part for whole only then.
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
