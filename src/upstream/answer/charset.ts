/** Reads bytes as text; undefined where they are not well-formed in their charset. */
type Read = (bytes: Uint8Array) => string | undefined;

const decoders = new Map<string, TextDecoder>();

/** The decoder that a label of the WHATWG's Encoding Standard names, whatever its case; undefined where it names none. */
function decoderOf(label: string): TextDecoder | undefined {
  const name = label.trim().toLowerCase();
  const known = decoders.get(name);
  if (known) return known;
  try {
    // A byte order mark stays, since decoders of some charsets would leave theirs: it is skipped below for all alike.
    const decoder = new TextDecoder(name, { fatal: true, ignoreBOM: true });
    decoders.set(name, decoder);
    return decoder;
  } catch {
    return undefined;
  }
}

/**
 * Node reads these by ICU's tables and not by the standard's: a third of Big5 comes out as private characters, most of Korean as pairs
 * of control and letter, all without an error. They are rare, and their tables take 16 ms and 8 MB to load.
 */
const tabled = new Set(['big5', 'euc-jp', 'euc-kr', 'shift_jis']);
let createTableDecoder: ((encoding: string) => (bytes: Uint8Array) => string) | undefined;

/** Loads what is needed to read answers of this content-type; undefined where it is there. */
export function loadCharset(contentType: string | undefined): Promise<void> | undefined {
  if (contentType === undefined || createTableDecoder || readers.has(contentType)) return undefined;
  const isTabled = charsetsIn(contentType).some((label) => tabled.has(decoderOf(label)?.encoding ?? ''));
  return isTabled ? loadTables() : undefined;
}

async function loadTables(): Promise<void> {
  ({ createMultibyteDecoder: createTableDecoder } = await import('@exodus/bytes/multi-byte.js'));
}

/** Labels of charsets that the WHATWG knows and forbids to read, because they can hide a text's meaning. */
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

/** An upstream writes few content types; one that invents them must not fill the memory. */
const maxReaders = 64;
const readers = new Map<string, Read>();

/**
 * The text of a body, by the charset that its content-type names; UTF-8 where it names none. One byte order mark is skipped.
 * `loadCharset` must have come first.
 *
 * @returns undefined where the charset is not known, or the bytes are not well-formed in it: nothing is guessed.
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
  // Two names of one charset agree; two charsets, or one that nobody knows, do not say what the bytes are.
  if (encodings.size > 1 || encodings.has(undefined)) return refuse;
  const { encoding } = decoder;
  if (encoding === 'utf-8') return readUtf8;
  if (encoding === 'utf-16le') return readUtf16;
  if (tabled.has(encoding)) return createTableDecoder ? readBy(createTableDecoder(encoding)) : refuse;
  return readBy((bytes) => decoder.decode(bytes));
}

// Java writes UTF-16 with the high byte first and a byte order mark that says so; by the label alone the low byte is first.
const readUtf16: Read = (bytes) => {
  const isBigEndian = bytes[0] === 0xfe && bytes[1] === 0xff;
  const decoder = decoderOf(isBigEndian ? 'utf-16be' : 'utf-16le');
  return decoder && readBy((all) => decoder.decode(all))(bytes);
};

/** The values of `charset` parameters, in quotes or not. Lenient as its readers are: blanks around the `=`, several header lines. */
function charsetsIn(contentType: string): string[] {
  return contentType
    .split(/[;,]/)
    .map((part) => /^\s*charset\s*=(.*)$/i.exec(part)?.[1]?.trim() ?? '')
    .map((value) => (/^".*"$/.test(value) ? value.slice(1, -1) : value))
    .filter((label) => label !== '');
}
