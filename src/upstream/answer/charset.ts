/** Decodes bytes; undefined if they are not well-formed in the charset. */
type Read = (bytes: Uint8Array) => string | undefined;

const decoders = new Map<string, TextDecoder>();

/** The decoder for a label of the WHATWG Encoding Standard, case-insensitive; undefined for an unknown label. */
function decoderOf(label: string): TextDecoder | undefined {
  const name = label.trim().toLowerCase();
  const known = decoders.get(name);
  if (known) return known;
  try {
    // Some decoders do not remove a byte order mark, so none of them shall: `readBy` removes it for all charsets.
    const decoder = new TextDecoder(name, { fatal: true, ignoreBOM: true });
    decoders.set(name, decoder);
    return decoder;
  } catch {
    return undefined;
  }
}

/**
 * Node decodes these with ICU's tables instead of the standard's: a third of Big5 becomes private-use characters, most of Korean becomes
 * control characters and letters, without an error. So we use tables of our own; they are loaded on demand, because they take 16 ms and
 * 8 MB and are rarely needed.
 */
const tabled = new Set(['big5', 'euc-jp', 'euc-kr', 'shift_jis']);
let createTableDecoder: ((encoding: string) => (bytes: Uint8Array) => string) | undefined;

/** Loads the tables for this content-type if they are needed; undefined if nothing has to be loaded. */
export function loadCharset(contentType: string | undefined): Promise<void> | undefined {
  if (contentType === undefined || createTableDecoder || readers.has(contentType)) return undefined;
  const isTabled = charsetsIn(contentType).some((label) => tabled.has(decoderOf(label)?.encoding ?? ''));
  return isTabled ? loadTables() : undefined;
}

async function loadTables(): Promise<void> {
  ({ createMultibyteDecoder: createTableDecoder } = await import('@exodus/bytes/multi-byte.js'));
}

/** Labels that the WHATWG knows but forbids to decode, because these charsets can be used for attacks. */
const forbiddenLabels = new Set([
  'replacement',
  'iso-2022-kr',
  'csiso2022kr',
  'hz-gb-2312',
  'iso-2022-cn',
  'iso-2022-cn-ext',
]);

export const isCharsetLabel = (text: string): boolean =>
  decoderOf(text) !== undefined || forbiddenLabels.has(text.trim().toLowerCase());

const byteOrderMark = 0xfeff;

const readBy =
  (decode: (bytes: Uint8Array) => string): Read =>
  (bytes) => {
    try {
      const text = decode(bytes);
      return text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text;
    } catch {
      return undefined;
    }
  };

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const readUtf8 = readBy((bytes) => utf8.decode(bytes));
const refuse: Read = () => undefined;

/** An upstream sends few content types. The limit protects the memory from one that sends ever new ones. */
const maxReaders = 64;
const readers = new Map<string, Read>();

/**
 * Decodes a body with the charset of its content-type; UTF-8 if it names none. One byte order mark is removed.
 * Call and await `loadCharset` first.
 *
 * @returns undefined if the charset is unknown, or the bytes are not well-formed in it: nothing is guessed.
 */
export function readText(bytes: Uint8Array, contentType: string | undefined): string | undefined {
  if (contentType === undefined) return readUtf8(bytes);
  let read = readers.get(contentType);
  if (!read) {
    if (readers.size === maxReaders) readers.clear();
    readers.set(contentType, (read = readerFor(contentType)));
  }
  return read(bytes);
}

function readerFor(contentType: string): Read {
  const decoders = new Set<TextDecoder | undefined>();
  const encodings = new Set<string | undefined>();
  for (const label of charsetsIn(contentType)) {
    const decoder = decoderOf(label);
    decoders.add(decoder);
    encodings.add(decoder?.encoding);
  }
  const [decoder = utf8] = decoders;
  // Two labels of the same charset agree. With two charsets, or an unknown one, the charset is not clear.
  if (encodings.size > 1 || encodings.has(undefined)) return refuse;
  const { encoding } = decoder;
  if (encoding === 'utf-8') return readUtf8;
  if (encoding === 'utf-16le') return readUtf16;
  if (tabled.has(encoding)) return createTableDecoder ? readBy(createTableDecoder(encoding)) : refuse;
  return readBy((bytes) => decoder.decode(bytes));
}

// By the standard, `utf-16` is little-endian. Java writes it big-endian with a byte order mark, which decides here.
const readUtf16: Read = (bytes) => {
  const isBigEndian = bytes[0] === 0xfe && bytes[1] === 0xff;
  const decoder = decoderOf(isBigEndian ? 'utf-16be' : 'utf-16le');
  return decoder && readBy((all) => decoder.decode(all))(bytes);
};

/** The values of all `charset` parameters, in quotes or not. Lenient: allows spaces around the `=`, and several header lines. */
function charsetsIn(contentType: string): string[] {
  return contentType
    .split(/[;,]/)
    .map((part) => /^\s*charset\s*=(.*)$/i.exec(part)?.[1]?.trim() ?? '')
    .map((value) => (/^".*"$/.test(value) ? value.slice(1, -1) : value))
    .filter((label) => label !== '');
}
