import { createHash } from 'node:crypto';
import type { ErrorCode } from '../error-codes.ts';
import type { DocumentsById } from './manifest.ts';

/** How a request names its document: by its text, by an ID, or by both. */
export interface NamedDocument {
  readonly query: string | undefined;
  /** `sha256:` and 64 hexadecimal digits, or a manifest's bare hash. */
  readonly documentId: string | undefined;
}

/** The text to execute, or why there is none. Nothing has been parsed yet. */
export type ChosenDocument =
  | {
      readonly query: string;
      /** Undefined where there is no list of trusted documents. */
      readonly origin: 'trusted' | 'other' | undefined;
    }
  | {
      readonly code: ErrorCode;
      readonly message: string;
      /** Whether GraphQL over HTTP has it answered with 200 in every media type. */
      readonly ok: boolean;
    };

export type ChooseDocument = (named: NamedDocument) => ChosenDocument;

export interface TrustedDocumentsOptions {
  /** As they are now: the file can be read again while the gateway runs. Undefined where no file is set. */
  readonly documents: () => DocumentsById | undefined;
  /** Whether nothing but trusted documents is executed. */
  readonly only: boolean;
}

const noDocument: ChosenDocument = {
  code: 'BAD_REQUEST',
  message: 'There is no query, and no documentId.',
  ok: false,
};
const notTrusted: ChosenDocument = {
  code: 'DOCUMENT_NOT_TRUSTED',
  message: 'This document is not on the list of those that are executed here.',
  ok: false,
};
const otherDocument: ChosenDocument = {
  code: 'BAD_REQUEST',
  message: 'The query is not the document that the ID names.',
  ok: false,
};
// Apollo's clients and router know this message and this code: they ask again with the query, and then stop sending hashes.
const notSupported: ChosenDocument = {
  code: 'PERSISTED_QUERY_NOT_SUPPORTED',
  message: 'PersistedQueryNotSupported',
  ok: true,
};

/** Chooses what is executed, by GraphQL over HTTP's appendix on persisted documents. */
export function createChooseDocument({ documents, only }: TrustedDocumentsOptions): ChooseDocument {
  return ({ query, documentId }) => {
    const list = documents();
    if (documentId === undefined) {
      if (query === undefined) return noDocument;
      if (list && only) return notTrusted;
      return { query, origin: list && 'other' };
    }
    const trusted = list?.get(hashOf(documentId));
    if (trusted !== undefined) {
      return query === undefined || query === trusted ? { query: trusted, origin: 'trusted' } : otherDocument;
    }
    if (list && (only || query === undefined)) return notTrusted;
    if (query === undefined) return notSupported;
    // Not on a list, so the text itself has to show that the ID is its own.
    return hashOf(documentId) === sha256(query) ? { query, origin: list && 'other' } : otherDocument;
  };
}

const hashOf = (documentId: string) => /^sha256:([\da-f]{64})$/.exec(documentId)?.[1] ?? documentId;

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
