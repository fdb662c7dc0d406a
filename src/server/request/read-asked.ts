import type { IncomingMessage } from 'node:http';
import { acceptedBy, type Accepted } from './accept.ts';
import { type Asked, type AskedByName, askedInBody, askedInUrl, type AskedReading } from './asked.ts';
import { type Body, readBody } from './body.ts';
import type { ChooseDocument } from '../../graphql/trusted-documents/choose-document.ts';
import { overloaded } from '../overloaded.ts';
import type { Place } from '../places.ts';
import type { Refusal } from '../refusal.ts';

/** The methods that `/graphql` allows. */
export const allowedMethods = 'GET, POST, OPTIONS';

/** A request that was read and can be executed. */
export type Ready = {
  readonly asked: Asked;
  /** Whether the document is on the list of trusted documents; undefined if there is no list. */
  readonly origin: 'trusted' | 'other' | undefined;
  readonly method: 'GET' | 'POST';
  readonly accepted: Accepted;
};

/** Waits for a request to be read. An object that exists anyway, so that no request needs a closure for it. */
export interface AskedReader {
  take(read: Ready | Refusal): void;
}

export interface ReadOptions {
  readonly maxRequestBytes: number;
  readonly chooseDocument: ChooseDocument;
}

/**
 * Reads what a request asks. Checks the method, `Accept` and `Content-Type` first, so that a refusal does not wait for the body.
 *
 * @param reader is told once, or never if the client leaves before.
 */
export function readAsked(
  request: IncomingMessage,
  search: string,
  place: Place,
  options: ReadOptions,
  reader: AskedReader,
): void {
  const { method } = request;
  if (method !== 'GET' && method !== 'POST') {
    return reader.take({
      status: 405,
      message: 'Only GET and POST are allowed.',
      headers: { allow: allowedMethods },
    });
  }
  const accepted = acceptedBy(request.headers.accept);
  if (!accepted.query) return reader.take({ status: 406, message: notAcceptable });
  if (method === 'GET') return reader.take(check(askedInUrl(search), method, accepted, options));
  const refusal = refusalByType(request);
  if (refusal) return reader.take(refusal);
  const { maxRequestBytes } = options;
  readBody(request, maxRequestBytes, place, (body) =>
    reader.take(
      body.kind === 'text'
        ? check(askedInBody(body.text), method, accepted, options)
        : refusalOf(body.kind, maxRequestBytes),
    ),
  );
}

function check(
  reading: AskedReading,
  method: Ready['method'],
  accepted: Accepted,
  { chooseDocument }: ReadOptions,
): Ready | Refusal {
  if ('problem' in reading) return { status: 400, message: reading.problem };
  return choose(reading.asked, method, accepted, chooseDocument);
}

function choose(
  { query, documentId, operationName, variables, extensions }: AskedByName,
  method: Ready['method'],
  accepted: Accepted,
  chooseDocument: ChooseDocument,
): Ready | Refusal {
  const chosen = chooseDocument({ query, documentId });
  if ('query' in chosen) {
    const asked = { query: chosen.query, operationName, variables, extensions };
    return { asked, origin: chosen.origin, method, accepted };
  }
  // GraphQL over HTTP: with application/json, the refusal of a well-formed request has status 200. A request without a document is not
  // well-formed.
  const isLegacy = accepted.query === 'application/json' && chosen.code !== 'BAD_REQUEST';
  return { status: chosen.ok || isLegacy ? 200 : 400, message: chosen.message, code: chosen.code };
}

/** Whether a `Content-Encoding` header changes the body: `identity` does not. */
function isEncoded(contentEncoding: string): boolean {
  return contentEncoding
    .toLowerCase()
    .split(',')
    .some((coding) => !['', 'identity'].includes(coding.trim()));
}

const notAcceptable =
  'The Accept header allows none of the available types: application/json, application/graphql-response+json, text/event-stream, multipart/mixed.';

function refusalByType({ headers }: IncomingMessage): Refusal | undefined {
  // No other type is accepted, because a page of another origin can send this one only after a CORS preflight.
  if (!/^application\/json[\t ]*(?:;|$)/i.test(headers['content-type'] ?? ''))
    return { status: 415, message: 'The body must be application/json.' };
  const coding = headers['content-encoding'];
  if (coding === undefined || !isEncoded(coding)) return undefined;
  return {
    status: 415,
    message: 'The body must not be compressed.',
    headers: { 'accept-encoding': 'identity' },
  };
}

function refusalOf(kind: Exclude<Body['kind'], 'text'>, maxRequestBytes: number): Refusal {
  switch (kind) {
    case 'too-large':
      return { status: 413, message: `The body is longer than ${maxRequestBytes} bytes.` };
    case 'no-room':
      return overloaded;
    case 'not-utf8':
      return { status: 400, message: 'The body is not UTF-8.' };
    default:
      return kind satisfies never;
  }
}
