import type { Clock } from '../../base/clock.ts';
import type { UpstreamFailure } from '../failures.ts';

/** When and why a call ends without an answer: its deadline passes, nobody waits for it any more, or another caller needs its turn. */
export interface Ending {
  /** In the clock's milliseconds. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  readonly isLate: boolean;
  /** Whether it has held up another caller for too long. */
  readonly hasHung: boolean;
  /** What the call came to, once the signal is aborted. */
  readonly failure: UpstreamFailure;
  /** Ends the call, which hangs while another caller needs its turn. */
  end(): void;
  /** Waits so long, or until the end if that comes first. */
  pause(delayMs: number): Promise<void>;
  /** The call has ended otherwise. */
  cancel(): void;
}

/** @param abandoned aborted when nobody waits for the call any more. */
export function createEnding(clock: Clock, timeoutMs: number, abandoned: AbortSignal): Ending {
  // Not AbortSignal.any and AbortSignal.timeout: these keep a clock of their own.
  const controller = new AbortController();
  const { signal } = controller;
  const abandon = () => controller.abort();
  let isLate = false;
  let hasHung = false;
  const cancelDeadline = clock.after(timeoutMs, () => {
    isLate = !hasHung;
    controller.abort();
  });
  abandoned.addEventListener('abort', abandon, { once: true });

  return {
    deadline: clock.now() + timeoutMs,
    signal,
    get isLate() {
      return isLate;
    },
    get hasHung() {
      return hasHung;
    },
    get failure(): UpstreamFailure {
      if (hasHung) return { kind: 'unavailable', reason: 'hung' };
      return { kind: isLate ? 'timeout' : 'aborted' };
    },
    end() {
      // Whoever comes first has the word: a call that was left has ended already.
      hasHung = !signal.aborted;
      controller.abort();
    },
    async pause(delayMs) {
      if (signal.aborted) return;
      await new Promise<void>((resolve) => {
        const end = () => {
          cancelDelay();
          signal.removeEventListener('abort', end);
          resolve();
        };
        const cancelDelay = clock.after(delayMs, end);
        signal.addEventListener('abort', end, { once: true });
      });
    },
    cancel() {
      cancelDeadline();
      abandoned.removeEventListener('abort', abandon);
    },
  };
}
