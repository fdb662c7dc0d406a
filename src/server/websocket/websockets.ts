import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { streamRetrySeconds } from '../streams/timing.ts';
import type { Refusal } from '../refusal.ts';
import { isAmbiguous } from '../request/smuggling.ts';
import { requestIdOf } from '../request/request-id.ts';
import { isGraphql, targetOf } from '../request/target.ts';
import type { Accept, AcceptOptions } from './accept.ts';
import type { Session } from './session.ts';
import { asksForWebSocket, refusalOfUpgrade } from './upgrade.ts';

export interface WebSocketsOptions extends AcceptOptions {
  readonly corsOrigins: readonly string[];
  /** Maximum of open sockets. */
  readonly maxSockets: number;
  /** After this time, ± 10 %, a socket closes and its client should reconnect. */
  readonly maxAgeMs: number;
  readonly random: () => number;
}

/** All WebSockets of a gateway. */
export interface WebSockets {
  /** Whether a request asks for a WebSocket and gets it. */
  readonly accepts: (request: IncomingMessage) => boolean;
  /** Why a request that was not accepted gets no WebSocket; undefined if it did not ask for one. */
  readonly refusalOf: (request: IncomingMessage) => Refusal | undefined;
  /** Opens a socket for a request that was accepted. */
  readonly begin: (request: IncomingMessage, stream: Duplex, head: Buffer) => void;
  /** Closes all sockets, at random moments within this time, so that their clients do not reconnect all at once. */
  readonly drain: (withinMs: number) => void;
  /** After `drain`: resolves when no socket is left. That is a little later than the end of the last connection. */
  readonly closed: () => Promise<void>;
  /** How many sockets are open. */
  readonly open: number;
}

const ageJitter = 0.1;

export function createWebSockets(options: WebSocketsOptions): WebSockets {
  const { clock, random, emit, corsOrigins, maxSockets, maxAgeMs } = options;
  // Each session with the function that cancels its timer.
  const sessions = new Map<Session, () => void>();
  let arriving = 0;
  let drainedAt: number | undefined;
  const noneOpen = Promise.withResolvers<void>();
  // Loaded at the first socket: most gateways have none.
  let accepting: Promise<Accept> | undefined;
  const load = async () => {
    const { createAccept } = await import('./accept.ts');
    return createAccept(options);
  };

  const closeBy = (session: Session, at: number) => {
    sessions.get(session)?.();
    const delayMs = random() * Math.max(0, at - clock.now());
    sessions.set(
      session,
      clock.after(delayMs, () => session.goAway('shutdown')),
    );
  };
  const on = {
    open(session: Session) {
      const ageMs = maxAgeMs * (1 - ageJitter + 2 * ageJitter * random());
      sessions.set(
        session,
        clock.after(ageMs, () => session.goAway('age')),
      );
      if (drainedAt !== undefined) closeBy(session, drainedAt);
    },
    closed(session: Session) {
      sessions.get(session)?.();
      sessions.delete(session);
      emit({
        event: 'socketClosed',
        requestId: session.requestId,
        reason: session.end ?? 'client_left',
        operations: session.operations,
        durationMs: Math.round(clock.now() - session.openedAt),
      });
      if (drainedAt !== undefined && sessions.size === 0) noneOpen.resolve();
    },
  };

  const refusalOf = (request: IncomingMessage): Refusal | undefined =>
    refusalOfUpgrade(request, corsOrigins) ?? (sessions.size + arriving >= maxSockets ? tooMany : undefined);

  const begin = async (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    // Until the socket exists, an error of the stream only means that the client has left.
    const ignore = () => undefined;
    stream.on('error', ignore);
    const requestId = requestIdOf(request.headers['x-request-id']);
    arriving += 1;
    try {
      const accept = await (accepting ??= load());
      accept(request, stream, head, requestId, on);
      stream.off('error', ignore);
    } catch (error) {
      emit({ event: 'defect', ...options.describeDefect(error), requestId });
      stream.destroy();
    } finally {
      arriving -= 1;
    }
  };

  return {
    accepts: (request) =>
      asksForWebSocket(request) &&
      isGraphql(targetOf(request.url).path) &&
      !isAmbiguous(request) &&
      !refusalOf(request),
    // If nothing else refuses it, the connection had another request in progress.
    refusalOf: (request) => (asksForWebSocket(request) ? (refusalOf(request) ?? notAlone) : undefined),
    begin: (request, stream, head) => void begin(request, stream, head),
    drain(withinMs) {
      drainedAt = clock.now() + withinMs;
      for (const session of sessions.keys()) closeBy(session, drainedAt);
    },
    closed: () => (sessions.size === 0 ? Promise.resolve() : noneOpen.promise),
    get open() {
      return sessions.size + arriving;
    },
  };
}

const notAlone: Refusal = {
  status: 400,
  message: 'A WebSocket needs a connection without other requests in progress.',
};
const tooMany: Refusal = {
  status: 503,
  code: 'TOO_MANY_WATCHED',
  message: 'Too many WebSockets are open: try again later.',
  retryAfterSeconds: streamRetrySeconds,
};
