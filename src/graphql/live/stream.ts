import { getOperationAST } from 'graphql';
import type { Clock } from '../../base/clock.ts';
import type { Emit } from '../../observe/events.ts';
import { type ErrorCode, errorCodes, isErrorCode } from '../error-codes.ts';
import { loggedName } from '../operation-name.ts';
import type { Cohort, Member } from './cohort.ts';
import type { LiveRequest, Sink, Stream, StreamEnd, StreamError } from './sink.ts';

export interface StreamParts {
  readonly clock: Clock;
  readonly emit: Emit;
  readonly random: () => number;
  readonly maxAgeMs: number;
  readonly onEnd: () => void;
}

export interface OpenStream extends Stream, Member {
  follow(cohort: Cohort): void;
  /** Ends the stream although the subscription is not over. */
  interrupt(reason: 'age' | 'shutdown'): void;
}

const ageJitter = 0.1;

/** Opens one viewer's stream. It emits an event at its start and its end, and has a maximum age. */
export function openStream(request: LiveRequest, sink: Sink, parts: StreamParts): OpenStream {
  const { clock, emit, random, maxAgeMs, onEnd } = parts;
  const { requestId, transport } = request;
  const facts = { requestId, operationName: nameOf(request), transport };
  const startedAt = clock.now();
  let sent = 0;
  let codes: readonly string[] = [];
  let hasEnded = false;
  let leaveCohort: (() => void) | undefined;

  const end = (reason: StreamEnd) => {
    hasEnded = true;
    cancelAge();
    leaveCohort?.();
    onEnd();
    const durationMs = Math.round(clock.now() - startedAt);
    emit({ event: 'streamEnded', ...facts, reason, sent, durationMs, codes: [...codes] });
  };

  const interrupt = (reason: 'age' | 'shutdown') => {
    if (hasEnded) return;
    if (sent > 0) sink.interrupt(streamEnded, reason);
    else sink.refuse(streamEnded);
    end(reason);
  };
  const cancelAge = clock.after(maxAgeMs * (1 - ageJitter + 2 * ageJitter * random()), () =>
    interrupt('age'),
  );

  return {
    follow(cohort) {
      leaveCohort = cohort.join(this);
    },
    next({ event, refusal, deprecatedUses }) {
      if (hasEnded) return;
      ({ codes } = event);
      // A client does not subscribe again after a stream that completes, but after this refusal it should.
      const code = refusal?.extensions['code'];
      if (refusal && sent === 0 && isErrorCode(code) && errorCodes[code].retryable) {
        sink.refuse(retryable(code, refusal.message));
        return end('refused');
      }
      if (sent === 0) {
        const { client, documentOrigin: document } = request;
        emit({ event: 'streamBegan', ...facts, client, document, deprecatedUses, codes: [...codes] });
      }
      sent += 1;
      sink.next(event);
    },
    over(verdict) {
      if (hasEnded) return;
      sink.complete();
      end(verdict);
    },
    interrupt,
    leave(reason) {
      if (!hasEnded) end(reason);
    },
  };
}

function nameOf({ document, operationName }: LiveRequest): string | undefined {
  const operation = getOperationAST(document, operationName);
  return operation ? loggedName(operation) : undefined;
}

const retryable = (code: ErrorCode, message: string): StreamError => ({
  message,
  extensions: { code, retryable: true },
});

const streamEnded = retryable('STREAM_ENDED', 'The gateway has interrupted the stream: subscribe again.');
