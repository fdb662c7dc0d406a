import type { Clock } from '../../base/clock.ts';
import { Aborter, type AbortListener, type Signal } from '../../base/signal.ts';
import type { UpstreamFailure } from '../failures.ts';

/**
 * When and why a call ends without an answer: its deadline passes, no request waits for it any more, or another caller needs its turn.
 * It is also the call's abort signal. Not AbortSignal.any and AbortSignal.timeout, which use a clock of their own.
 */
export class Ending extends Aborter implements AbortListener {
  /** In the clock's milliseconds. */
  readonly deadline: number;
  readonly #clock: Clock;
  readonly #abandoned: Signal;
  readonly #cancelDeadline: () => void;
  #isLate = false;
  #hasHung = false;

  /** @param abandoned aborted when nobody waits for the call any more. */
  constructor(clock: Clock, timeoutMs: number, abandoned: Signal) {
    super();
    this.#clock = clock;
    this.#abandoned = abandoned;
    this.deadline = clock.now() + timeoutMs;
    this.#cancelDeadline = clock.after(timeoutMs, () => {
      this.#isLate = !this.#hasHung;
      this.abort();
    });
    abandoned.addEventListener('abort', this, { once: true });
  }

  get signal(): Signal {
    return this;
  }

  get isLate(): boolean {
    return this.#isLate;
  }

  /** Whether the call was ended because it hung while another caller waited. */
  get hasHung(): boolean {
    return this.#hasHung;
  }

  /** The failure of the call, once the signal is aborted. */
  get failure(): UpstreamFailure {
    if (this.#hasHung) return { kind: 'unavailable', reason: 'hung' };
    return { kind: this.#isLate ? 'timeout' : 'aborted' };
  }

  /** Nobody waits for the call any more. */
  handleEvent(): void {
    this.abort();
  }

  /** Ends the call, which hangs while another caller needs its turn. */
  end(): void {
    // The first reason counts: an aborted call has already ended.
    this.#hasHung = !this.aborted;
    this.abort();
  }

  /** Waits this long, or until the call ends. */
  async pause(delayMs: number): Promise<void> {
    if (this.aborted) return;
    await new Promise<void>((resolve) => {
      const listener: AbortListener = {
        handleEvent: () => {
          cancelDelay();
          this.removeEventListener('abort', listener);
          resolve();
        },
      };
      const cancelDelay = this.#clock.after(delayMs, () => listener.handleEvent());
      this.addEventListener('abort', listener);
    });
  }

  /** The call has ended with an answer: stops the timer. */
  cancel(): void {
    this.#cancelDeadline();
    this.#abandoned.removeEventListener('abort', this);
  }
}
