/** The longest token that is taken, in bytes. */
const maxLength = 8192;

/**
 * The caller's token: of a `token: …` or an `Authorization: Bearer …` header. The same value counts once, however often it is sent:
 * in both headers, on several lines or on one line with commas. Undefined where there is no usable one: none, an unusable one, or
 * two that differ. (Node joins repeated headers into one value or drops all but the first, so the raw ones are read.)
 */
export function readToken(rawHeaders: readonly string[]): string | undefined {
  const token = onlyValue(rawHeaders, 'token', asItIs);
  const authorization = onlyValue(rawHeaders, 'authorization', lowerCaseBearer);
  if (token === undefined || authorization === undefined) return undefined;

  // A scheme that is not Bearer is none of ours to judge: it counts as no credential.
  const bearer = authorization.startsWith('bearer ') ? authorization.slice('bearer '.length) : '';
  if (token && bearer && token !== bearer) return undefined;
  const given = token || bearer;
  return isSendable(given) ? given : undefined;
}

type Normalise = (value: string) => string;

const asItIs: Normalise = (value) => value;
const lowerCaseBearer: Normalise = (value) => value.replace(/^bearer +/i, 'bearer ');

/** The one value of a header; empty where it has none, undefined where two differ. */
function onlyValue(rawHeaders: readonly string[], name: string, normalise: Normalise): string | undefined {
  let found = '';
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const given = rawHeaders[at] ?? '';
    if (given.length !== name.length || given.toLowerCase() !== name) continue;
    const value = withoutRepeats(rawHeaders[at + 1] ?? '', normalise);
    if (value === '' || value === found) continue;
    if (found !== '') return undefined;
    found = value;
  }
  return found;
}

// A proxy may join two lines by a comma. A comma can also be part of a token, which is then left as it came.
function withoutRepeats(line: string, normalise: Normalise): string {
  if (line.includes(',')) {
    const [first = '', ...others] = line.split(',').map((part) => normalise(part.trim()));
    if (first !== '' && others.every((other) => other === first)) return first;
  }
  return normalise(line);
}

// What every HTTP header can carry unchanged: Node would let `café` and inner blanks pass.
function isSendable(token: string): boolean {
  return token.length <= maxLength && /^[\x21-\x7e]+$/.test(token);
}
