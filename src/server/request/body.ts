import { isAscii } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { Place } from '../places.ts';

/** A body as text, or why there is none. */
export type Body =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'too-large' | 'no-room' | 'not-utf8' };

// If we close while the client still sends, it gets a TCP reset instead of our 413. So up to 1 MB beyond the limit is read and discarded.
const maxDiscardedBytes = 1_048_576;

/**
 * Reads at most `maxBytes`. A body that is up to 1 MB longer is read and discarded. A body with a larger Content-Length is not read;
 * a chunked one is read only up to that point.
 *
 * @param take is called once, or never if the client leaves before.
 */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  place: Place,
  take: (body: Body) => void,
): void {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes + maxDiscardedBytes)
    return take({ kind: 'too-large' });
  // Nearly always one chunk: the array is made for the second.
  let first: Buffer | undefined;
  let chunks: Buffer[] | undefined;
  let bytes = 0;

  // A listener that stays on the request is kept through garbage collections with it: 15 µs per request.
  const finish = (body: Body) => {
    request.off('data', onData).off('end', onEnd);
    take(body);
  };
  const stop = (kind: 'too-large' | 'no-room') => {
    request.pause();
    finish({ kind });
  };
  const onData = (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxBytes + maxDiscardedBytes) return stop('too-large');
    if (bytes > maxBytes) return;
    if (!place.hold(chunk.length)) return stop('no-room');
    if (!first) first = chunk;
    else (chunks ??= [first]).push(chunk);
  };
  const onEnd = () => {
    if (bytes > maxBytes) return finish({ kind: 'too-large' });
    finish(textOf(chunks ? Buffer.concat(chunks) : first));
  };
  request.on('data', onData).on('end', onEnd);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function textOf(bytes: Buffer | undefined): Body {
  if (!bytes) return { kind: 'text', text: '' };
  // ASCII: each character is one byte.
  if (isAscii(bytes)) return { kind: 'text', text: bytes.toString('latin1') };
  try {
    return { kind: 'text', text: utf8.decode(bytes) };
  } catch {
    return { kind: 'not-utf8' };
  }
}
