import { readFileSync } from 'node:fs';
import { SettingError } from '../../base/setting-error.ts';
import type { Emit } from '../../observe/events.ts';
import { type CheckOptions, invalidDocuments } from './check.ts';
import { type DocumentsById, parseManifest } from './manifest.ts';

export interface TrustedDocumentsOptions extends CheckOptions {
  /** The path of the manifest. */
  readonly file: string;
  readonly emit: Emit;
}

/** The documents of the last valid version of the file. */
export interface TrustedDocuments {
  readonly documents: DocumentsById;
  /** Reads the file again. If it has mistakes, an event reports them and the previous documents stay. */
  reload(): void;
}

/** @throws {SettingError} if the file has mistakes, with one line for each document that does not fit the schema. */
export function createTrustedDocuments({ file, emit, ...check }: TrustedDocumentsOptions): TrustedDocuments {
  const read = (): Reading => {
    const documents = readManifest(file);
    if (typeof documents === 'string') return { problems: [`${file}: ${documents}`] };
    const problems = invalidDocuments(documents, check);
    if (problems.length > 0) return { problems };
    emit({ event: 'trustedDocuments', documents: new Set(documents.values()).size });
    return { documents };
  };
  const first = read();
  if ('problems' in first) {
    throw new SettingError(first.problems.map((problem) => `TRUSTED_DOCUMENTS: ${problem}`).join('\n'));
  }
  let { documents } = first;
  return {
    get documents() {
      return documents;
    },
    reload() {
      const newer = read();
      if ('documents' in newer) documents = newer.documents;
      else emit({ event: 'trustedDocumentsRefused', problems: newer.problems });
    },
  };
}

type Reading = { readonly documents: DocumentsById } | { readonly problems: readonly string[] };

function readManifest(file: string): DocumentsById | string {
  try {
    return parseManifest(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'for no known reason';
    return `it cannot be read: ${why}`;
  }
}
