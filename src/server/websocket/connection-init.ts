/**
 * The payload of a `connection_init` as raw headers: a flat list of lower-case names and values. A browser cannot send headers with a
 * WebSocket, so its credential comes in the payload.
 */
export function headersInInit(payload: Readonly<Record<string, unknown>> = {}): readonly string[] {
  const headers: string[] = [];
  for (const [name, value] of Object.entries(payload)) {
    if (value === null || value === undefined) continue;
    // A value that is not a string makes an unusable credential. It is not left out: a credential of the upgrade must not win over it.
    headers.push(name.toLowerCase(), typeof value === 'string' ? value : unusable);
  }
  return headers;
}

// Of the one scheme that counts, for `authorization`.
const unusable = 'Bearer \u0000';

/** Raw headers as an object with lower-case names. The first value of each name counts. */
export function headersByName(raw: readonly string[]): Readonly<Record<string, string>> {
  const byName: Record<string, string> = Object.create(null);
  for (let at = 0; at < raw.length; at += 2) byName[raw[at]?.toLowerCase() ?? ''] ??= raw[at + 1] ?? '';
  return byName;
}
