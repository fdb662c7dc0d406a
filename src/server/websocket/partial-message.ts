/**
 * A message of which not all frames have arrived. The `ws` library does not report them, so this class computes them from the chunks that
 * arrive and the messages that are complete. After the end of a message, the rest of its chunk counts as the start of the next message.
 */
export class PartialMessage {
  /** When the message began, in milliseconds; undefined if there is none. */
  since: number | undefined;
  /** Bytes that are in memory for it. */
  bytes = 0;
  #lastChunk = 0;
  // The bytes after the last message. A little too many if that message came in several frames: each has a header.
  #rest = 0;

  onChunk(length: number, now: number): void {
    this.since ??= now;
    this.bytes += length;
    this.#lastChunk = length;
  }

  onMessage(length: number): void {
    this.since = undefined;
    this.bytes = Math.max(0, Math.min(this.#lastChunk, this.bytes - frameBytes(length)));
    this.#rest = this.bytes;
  }

  /** For a ping or a pong, which can come between the frames of a message. */
  onControl(length: number): void {
    this.bytes = Math.max(0, this.bytes - frameBytes(length));
    if (this.bytes <= this.#rest) this.since = undefined;
  }
}

/** The size of a client's frame, header included, in bytes. */
const frameBytes = (length: number) => length + (length < 126 ? 6 : length < 65_536 ? 8 : 14);
