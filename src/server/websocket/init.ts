/**
 * What a `connection_init` says, as if it had come in the headers of the upgrade: names in lower case, each followed by its value. A
 * browser can send no headers with a WebSocket.
 */
export function headersInInit(payload: Readonly<Record<string, unknown>> = {}): readonly string[] {
  const headers: string[] = [];
  for (const [name, value] of Object.entries(payload)) {
    if (value === null || value === undefined) continue;
    // What is no text is no usable credential, but it was given: one that the upgrade brought must not stand alone beside it.
    headers.push(name.toLowerCase(), typeof value === 'string' ? value : unusable);
  }
  return headers;
}

const unusable = '\u0000';

/** Headers by their names in lower case, the first of each. */
export function headersByName(raw: readonly string[]): Readonly<Record<string, string>> {
  const byName: Record<string, string> = Object.create(null);
  for (let at = 0; at < raw.length; at += 2) byName[raw[at]?.toLowerCase() ?? ''] ??= raw[at + 1] ?? '';
  return byName;
}
