import type { DocumentNode } from 'graphql';

/** Parsed documents by their text. */
export interface DocumentCache {
  get(text: string): DocumentNode | undefined;
  set(text: string, document: DocumentNode): void;
}

/**
 * Keeps the documents that were asked for last, as long as their texts together are no longer than `maxCharacters`. A parsed
 * document takes up to 250 bytes a character, and its author chooses the characters: a number of documents would bound nothing.
 */
export function createDocumentCache(maxCharacters: number): DocumentCache {
  const kept = new Map<string, DocumentNode>();
  let characters = 0;

  const drop = (text: string) => {
    if (kept.delete(text)) characters -= text.length;
  };

  const set = (text: string, document: DocumentNode) => {
    drop(text);
    kept.set(text, document);
    characters += text.length;
    // A Map gives its keys in the order in which they were set: the first is the one that nobody has asked for longest.
    for (const oldest of kept.keys()) {
      if (characters <= maxCharacters) break;
      drop(oldest);
    }
  };

  return {
    get(text) {
      const document = kept.get(text);
      if (document) set(text, document);
      return document;
    },
    set,
  };
}
