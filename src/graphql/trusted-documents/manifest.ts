import { createHash } from 'node:crypto';
import { isObject } from '../../base/is-object.ts';

/** The documents of a manifest, each under every ID that a client may send. */
export type DocumentsById = ReadonlyMap<string, string>;

/**
 * Reads the manifest of codegen's client preset: a JSON object of hash → document. A document can be requested by the manifest's hash
 * and by the SHA-256 of its text, both as hexadecimal digits without a prefix.
 *
 * @returns a sentence that describes the mistake if the text is not such a manifest.
 */
export function parseManifest(text: string): DocumentsById | string {
  const manifest = parseJson(text);
  if (!isObject(manifest)) return 'it is not a JSON object of hash and document';
  const documents = new Map<string, string>();
  for (const [hash, document] of Object.entries(manifest)) {
    if (typeof document !== 'string') return `the value of ${JSON.stringify(hash)} is not a document`;
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
