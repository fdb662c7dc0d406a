import { createHash } from 'node:crypto';
import type { ErrorCode } from '../error-codes.ts';
import type { DocumentsById } from './manifest.ts';

/** The document of a request: its text, its ID, or both. */
export interface NamedDocument {
  readonly query: string | undefined;
  /** `sha256:` and 64 hexadecimal digits, or a manifest's bare hash. */
  readonly documentId: string | undefined;
}

/** The text to execute, or the error. Nothing has been parsed yet. */
export type ChosenDocument =
  | {
      readonly query: string;
      /** Undefined if there is no list of trusted documents. */
      readonly origin: 'trusted' | 'other' | undefined;
    }
  | {
      readonly code: ErrorCode;
      readonly message: string;
      /** Whether the response has status 200 for every media type. */
      readonly ok: boolean;
    };

export type ChooseDocument = (named: NamedDocument) => ChosenDocument;

export interface TrustedDocumentsOptions {
  /** Returns the current documents: the file can be reloaded at any time. Undefined if no file is set. */
  readonly documents: () => DocumentsById | undefined;
  /** Whether only trusted documents are executed. */
  readonly only: boolean;
}

const noDocument: ChosenDocument = {
  code: 'BAD_REQUEST',
  message: 'The request has neither a query nor a documentId.',
  ok: false,
};
const notTrusted: ChosenDocument = {
  code: 'DOCUMENT_NOT_TRUSTED',
  message: 'The document is not in the list of trusted documents.',
  ok: false,
};
const otherDocument: ChosenDocument = {
  code: 'BAD_REQUEST',
  message: 'The query is not the document that the ID names.',
  ok: false,
};
// Apollo's clients and router know this message and code: they send the request again with the query, and stop sending hashes.
const notSupported: ChosenDocument = {
  code: 'PERSISTED_QUERY_NOT_SUPPORTED',
  message: 'PersistedQueryNotSupported',
  ok: true,
};

/** Chooses the document to execute, by the appendix on persisted documents of GraphQL over HTTP. */
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
    // The document is not in the list, so its ID must be the hash of its text.
    return hashOf(documentId) === sha256(query) ? { query, origin: list && 'other' } : otherDocument;
  };
}

const hashOf = (documentId: string) => /^sha256:([\da-f]{64})$/.exec(documentId)?.[1] ?? documentId;

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
