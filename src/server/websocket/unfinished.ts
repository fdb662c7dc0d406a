/**
 * What has come of a message that is not whole. The library does not say, so it is reckoned from the chunks that come and the frames
 * that are whole. The rest of the chunk in which a message ended is taken for the beginning of the next.
 */
export class Unfinished {
  /** Since when a message is under way, in milliseconds; undefined where none is. */
  since: number | undefined;
  /** Bytes that are kept for it. */
  bytes = 0;
  #lastChunk = 0;
  // After the last message: a few bytes too many where it came in several frames, each with a header.
  #rest = 0;

  onChunk(length: number, now: number): void {
    this.since ??= now;
    this.bytes += length;
    this.#lastChunk = length;
  }

  onMessage(length: number): void {
    this.since = undefined;
    this.bytes = Math.max(0, Math.min(this.#lastChunk, this.bytes - sizeOf(length)));
    this.#rest = this.bytes;
  }

  /** A ping or a pong: it may come in the midst of a message. */
  onControl(length: number): void {
    this.bytes = Math.max(0, this.bytes - sizeOf(length));
    if (this.bytes <= this.#rest) this.since = undefined;
  }
}

/** Of a masked frame, in bytes. */
const sizeOf = (length: number) => length + (length < 126 ? 6 : length < 65_536 ? 8 : 14);
