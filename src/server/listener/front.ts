import type { IncomingMessage, ServerResponse } from 'node:http';

/** Learns that its response has closed: it was sent, or its client has left. */
export interface Closable {
  closed(): void;
}

/**
 * Answers a request. What it returns is told when the response has closed. The response then needs no second `close` listener: Node keeps
 * two listeners in an array, and V8 can keep these arrays, and with them the requests, in memory (docs/decisions/0012).
 */
export type Front = (request: IncomingMessage, response: ServerResponse) => Closable | undefined;
