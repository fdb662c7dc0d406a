/** The longest token that is taken, in bytes. */
const maxLength = 8192;

/**
 * Reads the caller's token from the `token: …` and `Authorization: Bearer …` headers. Equal values count as one: in both headers, on
 * several lines, or on one line with commas. Returns undefined if there is no token, an unusable one, or two different ones.
 *
 * @param rawHeaders are needed because Node joins repeated headers into one value, or drops all but the first.
 */
export function readToken(rawHeaders: readonly string[]): string | undefined {
  const token = onlyToken(rawHeaders, 'token', asItIs);
  const bearer = onlyToken(rawHeaders, 'authorization', bearerIn);
  if (token === undefined || bearer === undefined) return undefined;
  if (token && bearer && token !== bearer) return undefined;
  const given = token || bearer;
  return isSendable(given) ? given : undefined;
}

/** Takes the token out of a value of a header; empty if it has none. */
type TokenIn = (value: string) => string;

const asItIs: TokenIn = (value) => value;

/** Any other scheme counts as no credential. */
const bearerIn: TokenIn = (value) => {
  const [scheme] = /^bearer +/i.exec(value) ?? [];
  return scheme === undefined ? '' : value.slice(scheme.length);
};

/** The token in a header: empty if it has none, undefined if it has two different ones. */
function onlyToken(rawHeaders: readonly string[], name: string, tokenIn: TokenIn): string | undefined {
  let found = '';
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const given = rawHeaders[at] ?? '';
    if (given.length !== name.length || given.toLowerCase() !== name) continue;
    const token = withoutDuplicates(rawHeaders[at + 1] ?? '', tokenIn);
    if (token === '' || token === found) continue;
    if (found !== '') return undefined;
    found = token;
  }
  return found;
}

// A proxy may join two lines with a comma. But a comma can also be part of a token: unless all parts are equal, the value stays as it is.
function withoutDuplicates(line: string, tokenIn: TokenIn): string {
  // `trim` would also remove a no-break space, which then made a usable token of an unusable one.
  if (line.includes(',') && /^[\t -~]*$/.test(line)) {
    const [first = '', ...others] = line.split(',').map((part) => tokenIn(part.trim()));
    if (first !== '' && others.every((other) => other === first)) return first;
  }
  return tokenIn(line);
}

// Only these bytes pass unchanged through every HTTP implementation. Node would also accept `café` and spaces inside.
function isSendable(token: string): boolean {
  return token.length <= maxLength && /^[\x21-\x7e]+$/.test(token);
}
