/** Texts that may leave the process only in an answer to their own caller. */
export const canaries = {
  token: 'canary-token/7f3a9c+0e',
  name: '金丝雀·Canary',
  email: 'canary+7f3a@example.com',
  mobile: '13987650123',
  ip: '203.0.113.77',
  password: 'pw~840277351',
} as const;

/** All of them in one text that is valid in JSON, HTTP and GraphQL. */
export const allCanaries = Object.values(canaries).join(' ');

/** The same as bytes that are valid in a header. */
export const canaryHeader = Buffer.from(allCanaries).toString('latin1');

/** Names of the canaries in a text, in any encoding. */
export function canariesIn(text: string): string[] {
  const seen = text.toLowerCase();
  return Object.entries(canaries)
    .filter(([, value]) => codings(value).some((coded) => seen.includes(coded.toLowerCase())))
    .map(([name]) => name);
}

function codings(value: string): string[] {
  const bytes = Buffer.from(value);
  const escaped = JSON.stringify(value).slice(1, -1);
  const unicode = value.replace(
    /[^\x20-\x7e]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const base64 = [0, 1, 2].map((offset) => base64At(bytes, offset));
  return [
    value,
    escaped,
    unicode,
    bytes.toString('latin1'),
    bytes.toString('hex'),
    encodeURIComponent(value),
    new URLSearchParams({ '': value }).toString().slice(1),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ];
}

/** These bytes in base64 at this offset in a longer text: only the characters that do not depend on the bytes around them. */
function base64At(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
}
