import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { streamRetrySeconds } from '../overloaded.ts';
import type { Refusal } from '../refusal.ts';
import { isAmbiguous } from '../request/framing.ts';
import { requestIdOf } from '../request/request-id.ts';
import { isGraphql, targetOf } from '../request/target.ts';
import type { Accept, AcceptOptions } from './accept.ts';
import type { Session } from './session.ts';
import { asksForWebSocket, refusalOfUpgrade } from './upgrade.ts';

export interface WebSocketsOptions extends AcceptOptions {
  readonly corsOrigins: readonly string[];
  /** Open at once. */
  readonly maxSockets: number;
  readonly maxAgeMs: number;
  readonly random: () => number;
}

/** The WebSockets of a gateway. */
export interface WebSockets {
  /** Whether a request gets a WebSocket. */
  readonly accepts: (request: IncomingMessage) => boolean;
  /** Why a request for one does not; undefined where it asks for none. */
  readonly refusalOf: (request: IncomingMessage) => Refusal | undefined;
  /** Begins a socket for a request that is accepted. */
  readonly begin: (request: IncomingMessage, stream: Duplex, head: Buffer) => void;
  /** Closes all at random moments within that time, so that their clients do not come back all at once. */
  readonly drain: (withinMs: number) => void;
  /** Settles when none is open: a socket is told of a little after its connection has closed. */
  readonly closed: () => Promise<void>;
  /** Sockets that are open. */
  readonly open: number;
}

const ageJitter = 0.1;

export function createWebSockets(options: WebSocketsOptions): WebSockets {
  const { clock, random, emit, corsOrigins, maxSockets, maxAgeMs } = options;
  // Each with how its timers are cancelled.
  const sessions = new Map<Session, () => void>();
  let arriving = 0;
  let drainedAt: number | undefined;
  const noneOpen = Promise.withResolvers<void>();
  // Loaded with the first socket: most gateways are asked over HTTP alone.
  let accepting: Promise<Accept> | undefined;
  const load = async () => {
    const { createAccept } = await import('./accept.ts');
    return createAccept(options);
  };

  const leaveBy = (session: Session, at: number) => {
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
      if (drainedAt !== undefined) leaveBy(session, drainedAt);
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
    // What goes wrong before the socket is made is the client's leaving.
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
    // The connection may have had something else under way.
    refusalOf: (request) => (asksForWebSocket(request) ? (refusalOf(request) ?? notNow) : undefined),
    begin: (request, stream, head) => void begin(request, stream, head),
    drain(withinMs) {
      drainedAt = clock.now() + withinMs;
      for (const session of sessions.keys()) leaveBy(session, drainedAt);
    },
    closed: () => (sessions.size === 0 ? Promise.resolve() : noneOpen.promise),
    get open() {
      return sessions.size + arriving;
    },
  };
}

const notNow: Refusal = { status: 400, message: 'A WebSocket needs a connection of its own.' };
const tooMany: Refusal = {
  status: 503,
  code: 'TOO_MANY_WATCHED',
  message: 'As many WebSockets are open as may be at once: come back later.',
  retryAfterSeconds: streamRetrySeconds,
};
