import type { IncomingMessage, ServerResponse } from 'node:http';
import { acceptedBy, type Accepted } from './accept.ts';
import { type Asked, type AskedByName, askedInBody, askedInUrl, type AskedReading } from './asked.ts';
import { type Body, readBody } from './body.ts';
import type { ChooseDocument } from '../../graphql/trusted-documents/choose-document.ts';
import { overloaded } from '../overloaded.ts';
import type { Places } from '../places.ts';
import type { Refusal } from '../refusal.ts';

/** The methods of `/graphql`. */
export const allowedMethods = 'GET, POST, OPTIONS';

/** What a request asks, and how it asks. */
export type Ready = {
  readonly asked: Asked;
  /** Whether the document is on the list of trusted ones; undefined where there is no list. */
  readonly origin: 'trusted' | 'other' | undefined;
  readonly method: 'GET' | 'POST';
  readonly accepted: Accepted;
};

export interface ReadOptions {
  readonly maxRequestBytes: number;
  readonly chooseDocument: ChooseDocument;
  readonly places: Places;
}

/**
 * Reads no more than it must: the method and the types, asked and sent, are judged before the body.
 *
 * @param take is told once, unless the client leaves before.
 */
export function readAsked(
  request: IncomingMessage,
  response: ServerResponse,
  search: string,
  options: ReadOptions,
  take: (read: Ready | Refusal) => void,
): void {
  const { method } = request;
  if (method !== 'GET' && method !== 'POST') {
    return take({
      status: 405,
      message: 'Only GET and POST are answered.',
      headers: { allow: allowedMethods },
    });
  }
  const accepted = acceptedBy(request.headers.accept);
  if (!accepted.query) return take({ status: 406, message: notAcceptable });
  if (method === 'GET') return take(judge(askedInUrl(search), method, accepted, options));
  const refusal = refusalByType(request);
  if (refusal) return take(refusal);
  const { maxRequestBytes, places } = options;
  readBody(request, response, maxRequestBytes, places, (body) =>
    take(
      body.kind === 'text'
        ? judge(askedInBody(body.text), method, accepted, options)
        : refusalOf(body.kind, maxRequestBytes),
    ),
  );
}

function judge(
  reading: AskedReading,
  method: Ready['method'],
  accepted: Accepted,
  { chooseDocument }: ReadOptions,
): Ready | Refusal {
  if ('problem' in reading) return { status: 400, message: reading.problem };
  return choose(reading.asked, method, accepted, chooseDocument);
}

function choose(
  { query, documentId, ...rest }: AskedByName,
  method: Ready['method'],
  accepted: Accepted,
  chooseDocument: ChooseDocument,
): Ready | Refusal {
  const chosen = chooseDocument({ query, documentId });
  if ('query' in chosen)
    return { asked: { query: chosen.query, ...rest }, origin: chosen.origin, method, accepted };
  // GraphQL over HTTP: a well-formed request that is refused is 200 to a client that knows application/json alone. One without
  // any document is not well-formed.
  const isLegacy = accepted.query === 'application/json' && chosen.code !== 'BAD_REQUEST';
  return { status: chosen.ok || isLegacy ? 200 : 400, message: chosen.message, code: chosen.code };
}

/** Whether a `content-encoding` names a coding: `identity` is none. */
function isCoded(contentEncoding: string): boolean {
  return contentEncoding
    .toLowerCase()
    .split(',')
    .some((coding) => !['', 'identity'].includes(coding.trim()));
}

const notAcceptable =
  'The accept header allows neither application/json nor application/graphql-response+json, text/event-stream or multipart/mixed.';

function refusalByType({ headers }: IncomingMessage): Refusal | undefined {
  // The only type that a page of another origin cannot send without asking first.
  if (!/^application\/json *(?:;|$)/i.test(headers['content-type'] ?? ''))
    return { status: 415, message: 'The body must be application/json.' };
  const coding = headers['content-encoding'];
  if (coding === undefined || !isCoded(coding)) return undefined;
  return {
    status: 415,
    message: 'The body must not be encoded.',
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
