import type { Clock } from '../../base/clock.ts';
import type { Emit } from '../../observe/events.ts';
import { clientError } from '../errors.ts';
import { type CohortsOptions, createCohorts } from './cohorts.ts';
import { refusedEvent } from './execute-event.ts';
import type { LiveRequest, Sink, Stream } from './sink.ts';
import { openStream, type OpenStream } from './stream.ts';

export interface LiveOptions extends CohortsOptions {
  readonly clock: Clock;
  readonly emit: Emit;
  readonly random: () => number;
  /** Streams open at once. */
  readonly maxStreams: number;
  readonly maxAgeMs: number;
}

/** All subscriptions, whatever the transport. */
export interface Live {
  /** Opens a stream. The sink may get a refusal before this returns. */
  subscribe(request: LiveRequest, sink: Sink): Stream;
  /** Interrupts every stream at a random moment within this time, so that the viewers do not reconnect all at once. */
  drain(withinMs: number): void;
  /** Streams that are open. */
  readonly streams: number;
}

export function createLive(options: LiveOptions): Live {
  const { clock, random, maxStreams } = options;
  const cohortOf = createCohorts(options);
  const open = new Map<OpenStream, () => void>();
  let drainedAt: number | undefined;

  const interruptBy = (stream: OpenStream, at: number) => {
    const delayMs = random() * Math.max(0, at - clock.now());
    open.set(
      stream,
      clock.after(delayMs, () => stream.interrupt('shutdown')),
    );
  };

  return {
    subscribe(request, sink) {
      const stream = openStream(request, sink, {
        ...options,
        onEnd() {
          open.get(stream)?.();
          open.delete(stream);
        },
      });
      if (open.size >= maxStreams) {
        stream.next(refusedEvent(tooManyStreams()));
        stream.over('refused');
        return stream;
      }
      open.set(stream, () => undefined);
      stream.follow(cohortOf(request));
      if (drainedAt !== undefined) interruptBy(stream, drainedAt);
      return stream;
    },
    drain(withinMs) {
      drainedAt = clock.now() + withinMs;
      for (const stream of open.keys()) interruptBy(stream, drainedAt);
    },
    get streams() {
      return open.size;
    },
  };
}

const tooManyStreams = () =>
  clientError('TOO_MANY_WATCHED', 'Too many streams are open at the moment: subscribe again later.');
