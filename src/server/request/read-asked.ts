import type { IncomingMessage, ServerResponse } from 'node:http';
import { acceptedBy, type Accepted } from './accept.ts';
import { type Asked, type AskedByName, askedInBody, askedInUrl, type AskedReading } from './asked.ts';
import { readBody } from './body.ts';
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

/** Reads no more than it must: the method and the types, asked and sent, are judged before the body. */
export async function readAsked(
  request: IncomingMessage,
  response: ServerResponse,
  search: string,
  { maxRequestBytes, chooseDocument, places }: ReadOptions,
): Promise<Ready | Refusal | 'aborted'> {
  const { method } = request;
  if (method !== 'GET' && method !== 'POST')
    return { status: 405, message: 'Only GET and POST are answered.', headers: { allow: allowedMethods } };
  const accepted = acceptedBy(request.headers.accept);
  if (!accepted.query) return { status: 406, message: notAcceptable };
  const reading =
    method === 'GET' ? askedInUrl(search) : await readPosted(request, response, maxRequestBytes, places);
  if (reading === 'aborted' || 'status' in reading) return reading;
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
function isCoded(contentEncoding = ''): boolean {
  return contentEncoding
    .toLowerCase()
    .split(',')
    .some((coding) => !['', 'identity'].includes(coding.trim()));
}

const notAcceptable =
  'The accept header allows neither application/json nor application/graphql-response+json, text/event-stream or multipart/mixed.';

async function readPosted(
  request: IncomingMessage,
  response: ServerResponse,
  maxRequestBytes: number,
  places: Places,
): Promise<AskedReading | Refusal | 'aborted'> {
  // The only type that a page of another origin cannot send without asking first.
  if (!/^application\/json *(?:;|$)/i.test(request.headers['content-type'] ?? '')) {
    return { status: 415, message: 'The body must be application/json.' };
  }
  if (isCoded(request.headers['content-encoding'])) {
    return {
      status: 415,
      message: 'The body must not be encoded.',
      headers: { 'accept-encoding': 'identity' },
    };
  }
  const body = await readBody(request, response, maxRequestBytes, places);
  switch (body.kind) {
    case 'text':
      return askedInBody(body.text);
    case 'too-large':
      return { status: 413, message: `The body is longer than ${maxRequestBytes} bytes.` };
    case 'no-room':
      return overloaded;
    case 'not-utf8':
      return { status: 400, message: 'The body is not UTF-8.' };
    case 'aborted':
      return 'aborted';
    default:
      return body satisfies never;
  }
}
