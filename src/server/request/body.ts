import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Places } from '../places.ts';

/** A body as text, or why there is none. */
export type Body =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'too-large' | 'no-room' | 'not-utf8' | 'aborted' };

// Who is still sending when the connection closes sees a reset, not why it was refused.
const thrownAway = 1_048_576;

/**
 * Reads at most `maxBytes`. What is a little longer is read to its end and thrown away; a body that announces much more is not
 * read at all, one that sends much more is read no further.
 */
export async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  maxBytes: number,
  places: Places,
): Promise<Body> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes + thrownAway) return { kind: 'too-large' };
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      bytes += chunk.length;
      if (bytes > maxBytes + thrownAway) return { kind: 'too-large' };
      if (bytes > maxBytes) continue;
      if (!places.hold(response, chunk.length)) return { kind: 'no-room' };
      chunks.push(chunk);
    }
  } catch {
    return { kind: 'aborted' };
  }
  if (bytes > maxBytes) return { kind: 'too-large' };
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)) };
  } catch {
    return { kind: 'not-utf8' };
  }
}
