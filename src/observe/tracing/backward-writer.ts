/** Writes bytes from the end of a message to its beginning: each part goes before those that are there. */
export interface BackwardWriter {
  /** How many bytes have been written. */
  readonly length: number;
  /** A whole number from 0 to 2^53, seven bits a byte, the lowest first. */
  varint(value: number): void;
  /** A whole number of so many bytes, the lowest first. */
  fixed(value: bigint, bytes: 4 | 8): void;
  text(text: string, encoding: 'utf8' | 'hex'): void;
  written(): Buffer<ArrayBuffer>;
}

const initialBytes = 65_536;

export function createBackwardWriter(): BackwardWriter {
  let buffer = Buffer.alloc(initialBytes);
  /** Where the first byte of what is written stands. */
  let start = buffer.length;

  /** Makes room for so many bytes before those that are there. */
  const reserve = (bytes: number) => {
    if (start < bytes) {
      const larger = Buffer.alloc(2 * buffer.length + bytes);
      const largerStart = larger.length - (buffer.length - start);
      buffer.copy(larger, largerStart, start);
      buffer = larger;
      start = largerStart;
    }
    start -= bytes;
  };

  return {
    get length() {
      return buffer.length - start;
    },
    varint(value) {
      let bytes = 1;
      for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) bytes += 1;
      reserve(bytes);
      let rest = value;
      for (let at = 0; at < bytes; at += 1) {
        buffer[start + at] = (rest % 128) + (at < bytes - 1 ? 128 : 0);
        rest = Math.floor(rest / 128);
      }
    },
    fixed(value, bytes) {
      reserve(bytes);
      if (bytes === 8) buffer.writeBigUInt64LE(value, start);
      else buffer.writeUInt32LE(Number(value), start);
    },
    text(text, encoding) {
      reserve(Buffer.byteLength(text, encoding));
      buffer.write(text, start, encoding);
    },
    written: () => buffer.subarray(start),
  };
}
