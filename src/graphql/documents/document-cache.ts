import type { DocumentNode } from 'graphql';

/** Parsed documents by their text. */
export interface DocumentCache {
  get(text: string): DocumentNode | undefined;
  set(text: string, document: DocumentNode): void;
}

// A document that takes more is long, and all long ones together have a quarter of the memory: they cannot evict the others.
const longBytes = 131_072;
const longShare = 1 / 4;

/** Keeps the documents that were asked for last, as long as they take no more than `maxBytes` of memory together. */
export function createDocumentCache(maxBytes: number): DocumentCache {
  const long = createLru(maxBytes * longShare);
  const short = createLru(maxBytes * (1 - longShare));
  return {
    get: (text) => short.get(text) ?? long.get(text),
    set(text, document) {
      const bytes = bytesOf(text, document);
      (bytes > longBytes ? long : short).set(text, document, bytes);
    },
  };
}

/**
 * The memory that a parsed document takes, rather too much than too little. Its author chooses its shape: measured were 240 to 510
 * bytes a token (the tokens themselves, nodes, locations), and two bytes a character, twice where a block string is a copy of it.
 */
export function bytesOf(text: string, { loc }: DocumentNode): number {
  let bytes = 1024 + 4 * text.length;
  // Comments are tokens here, too.
  for (let token = loc?.startToken ?? null; token; token = token.next) bytes += 512;
  return bytes;
}

function createLru(maxBytes: number) {
  const kept = new Map<string, { readonly document: DocumentNode; readonly bytes: number }>();
  let total = 0;

  const drop = (text: string) => {
    const entry = kept.get(text);
    if (!entry) return;
    kept.delete(text);
    total -= entry.bytes;
  };

  return {
    get(text: string): DocumentNode | undefined {
      const entry = kept.get(text);
      if (!entry) return undefined;
      // A Map gives its keys in the order in which they were set: the first is the least recently used.
      kept.delete(text);
      kept.set(text, entry);
      return entry.document;
    },
    set(text: string, document: DocumentNode, bytes: number): void {
      drop(text);
      if (bytes > maxBytes) return;
      kept.set(text, { document, bytes });
      total += bytes;
      for (const oldest of kept.keys()) {
        if (total <= maxBytes) break;
        drop(oldest);
      }
    },
  };
}
