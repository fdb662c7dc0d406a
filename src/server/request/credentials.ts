/** Maximum length of a token, in bytes. */
const maxLength = 8192;

/**
 * Reads the caller's token from the `token: …` and `Authorization: Bearer …` headers. Equal values count as one: in both headers, on
 * several lines, or on one line with commas. Returns undefined if there is no token, an unusable one, or two different ones.
 *
 * @param rawHeaders are needed because Node joins repeated headers into one value, or drops all but the first.
 */
export function readToken(rawHeaders: readonly string[]): string | undefined {
  const token = onlyValue(rawHeaders, 'token', asItIs);
  const authorization = onlyValue(rawHeaders, 'authorization', lowerCaseBearer);
  if (token === undefined || authorization === undefined) return undefined;

  // Any other scheme counts as no credential.
  const bearer = authorization.startsWith('bearer ') ? authorization.slice('bearer '.length) : '';
  if (token && bearer && token !== bearer) return undefined;
  const given = token || bearer;
  return isSendable(given) ? given : undefined;
}

type Normalise = (value: string) => string;

const asItIs: Normalise = (value) => value;
const lowerCaseBearer: Normalise = (value) => value.replace(/^bearer +/i, 'bearer ');

/** The value of a header: empty if it is missing, undefined if it has two different values. */
function onlyValue(rawHeaders: readonly string[], name: string, normalise: Normalise): string | undefined {
  let found = '';
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const given = rawHeaders[at] ?? '';
    if (given.length !== name.length || given.toLowerCase() !== name) continue;
    const value = withoutDuplicates(rawHeaders[at + 1] ?? '', normalise);
    if (value === '' || value === found) continue;
    if (found !== '') return undefined;
    found = value;
  }
  return found;
}

// A proxy may join two lines with a comma. But a comma can also be part of a token: unless all parts are equal, the value stays as it is.
function withoutDuplicates(line: string, normalise: Normalise): string {
  if (line.includes(',')) {
    const [first = '', ...others] = line.split(',').map((part) => normalise(part.trim()));
    if (first !== '' && others.every((other) => other === first)) return first;
  }
  return normalise(line);
}

// Only these bytes pass unchanged through every HTTP implementation. Node would also accept `café` and spaces inside.
function isSendable(token: string): boolean {
  return token.length <= maxLength && /^[\x21-\x7e]+$/.test(token);
}
