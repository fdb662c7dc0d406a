import { createHash } from 'node:crypto';
import { isObject } from '../../base/is-object.ts';

/** The documents of a manifest, each under every name that it may be asked by. */
export type DocumentsById = ReadonlyMap<string, string>;

/**
 * Reads the manifest that codegen's client preset writes: a JSON object of hash → document. A document is found by the manifest's
 * own hash and by the SHA-256 of its text, both as hexadecimal digits alone.
 *
 * @returns one sentence where the text is no such manifest.
 */
export function parseManifest(text: string): DocumentsById | string {
  const manifest = parseJson(text);
  if (!isObject(manifest)) return 'it is not a JSON object of hash and document';
  const documents = new Map<string, string>();
  for (const [hash, document] of Object.entries(manifest)) {
    if (typeof document !== 'string') return `what stands under ${JSON.stringify(hash)} is not a document`;
    documents.set(hash, document);
    documents.set(createHash('sha256').update(document).digest('hex'), document);
  }
  return documents;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
