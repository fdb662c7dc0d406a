/** Per second. A client that reconnects subscribes to all of its operations at once. */
const maxMessages = 200;

/** Limits the messages of a peer until it is trusted. */
export class MessageRate {
  #isTrusted = false;
  #messages = 0;
  #secondBegan: number;

  /** @param now the clock's milliseconds, as in `count`. */
  constructor(now: number) {
    this.#secondBegan = now;
  }

  /** Ends the limit. */
  trust(): void {
    this.#isTrusted = true;
  }

  /** Counts a message. Returns whether it is within the limit. */
  count(now: number): boolean {
    if (this.#isTrusted) return true;
    if (now - this.#secondBegan >= 1000) {
      this.#secondBegan = now;
      this.#messages = 0;
    }
    this.#messages += 1;
    return this.#messages <= maxMessages;
  }
}
