import { isAscii } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Places } from '../places.ts';

/** A body as text, or why there is none. */
export type Body =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'too-large' | 'no-room' | 'not-utf8' };

// If the connection closes while the client still sends, it sees a reset and not why it was refused.
const thrownAway = 1_048_576;

/**
 * Reads at most `maxBytes`. What is a little longer is read to its end and thrown away; a body that announces much more is not
 * read at all, one that sends much more is read no further.
 *
 * @param take is told once, unless the client leaves before.
 */
export function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  maxBytes: number,
  places: Places,
  take: (body: Body) => void,
): void {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes + thrownAway)
    return take({ kind: 'too-large' });
  // Nearly always one: no list is made before there is a second.
  let first: Buffer | undefined;
  let chunks: Buffer[] | undefined;
  let bytes = 0;

  // Listeners that stay on a request survive collections of garbage with it: left on, they cost 15 µs a request.
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
    if (bytes > maxBytes + thrownAway) return stop('too-large');
    if (bytes > maxBytes) return;
    if (!places.hold(response, chunk.length)) return stop('no-room');
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
  // Most are, and their characters are their bytes.
  if (isAscii(bytes)) return { kind: 'text', text: bytes.toString('latin1') };
  try {
    return { kind: 'text', text: utf8.decode(bytes) };
  } catch {
    return { kind: 'not-utf8' };
  }
}
