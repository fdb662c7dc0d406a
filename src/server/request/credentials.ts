import type { IncomingMessage } from 'node:http';

/** The longest token that is taken, in bytes. */
const maxLength = 8192;

/**
 * The caller's token: of a `token: …` or an `Authorization: Bearer …` header. Undefined where there is no usable one: none, an
 * unusable one, two that differ, or either header more than once. (Node joins repeated headers into one value or drops all but
 * the first; so the raw ones are read.)
 */
export function readToken(rawHeaders: IncomingMessage['rawHeaders']): string | undefined {
  const tokens = valuesOf(rawHeaders, 'token');
  const authorizations = valuesOf(rawHeaders, 'authorization');
  if (tokens.length > 1 || authorizations.length > 1) return undefined;

  const [token = ''] = tokens;
  const [authorization = ''] = authorizations;
  // A scheme that is not Bearer is none of ours to judge: it counts as no credential.
  const bearer = /^bearer +(.*)$/is.exec(authorization)?.[1] ?? '';
  if (token && bearer && token !== bearer) return undefined;
  const given = token || bearer;
  return isSendable(given) ? given : undefined;
}

function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name);
}

// What every HTTP header can carry unchanged: Node would let `café` and inner blanks pass.
function isSendable(token: string): boolean {
  return token.length <= maxLength && /^[\x21-\x7e]+$/.test(token);
}
