import { isObject } from '../../base/is-object.ts';
import { Answer } from './answer.ts';
import type { RawRecord } from '../contract.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Answered, InvalidReason, MappedKind, UpstreamFailure } from '../failures.ts';
import { readText } from './charset.ts';
import { readContentCoding } from './content-coding.ts';
import type { Drift } from './drift.ts';
import { envelopeContract } from './envelope-contract.ts';
import type { Longs } from './longs.ts';
import { parseLossless } from './lossless-json.ts';
import { valueDrift } from './value-drift.ts';

/** A complete answer of the upstream, not parsed yet. */
export interface RawAnswer {
  readonly httpStatus: number;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  /** Undefined if it is longer than `UPSTREAM_MAX_BYTES`. */
  readonly body: Uint8Array | undefined;
}

const maxMessage = 300;

/** Receives the drift of an answer outside its record. `field` is a field of the envelope, or `content-encoding`. */
export type TellDrift = (endpoint: Endpoint, drift: Drift) => void;

/** Reads the answer to a call for `id`. Never throws, whatever the bytes are. */
export function readAnswer(
  raw: RawAnswer,
  endpoint: Endpoint,
  id: string,
  statusCodes: ReadonlyMap<number, MappedKind>,
  tell: TellDrift,
): Answer | UpstreamFailure {
  const { httpStatus } = raw;
  const reading = readEnvelope(raw, endpoint, tell);
  const answered = answeredBy(httpStatus, reading);

  // For these statuses the body does not matter.
  if (httpStatus === 401) return { kind: 'unauthenticated', answered };
  if (httpStatus === 403) return { kind: 'forbidden', answered };
  if (httpStatus === 429 || (httpStatus >= 500 && httpStatus <= 599)) {
    return { kind: 'unavailable', reason: 'http-status', answered };
  }
  if (httpStatus >= 300 && httpStatus <= 399) return invalid('redirect', answered);
  if (httpStatus < 200 || httpStatus > 499) return invalid('http-status', answered);
  if ('reason' in reading) return invalid(reading.reason, answered);

  const { status, result, msg, timestamp } = reading;
  if (status !== 0) return refusal(status, msg, answered, statusCodes);
  if (isNoRecord(result)) {
    if (result !== null) tell(endpoint, { kind: 'other-type', field: 'result' });
    return new Answer(id, null, timestamp, answered);
  }
  if (!isObject(result)) return invalid('not-envelope', answered);
  if (!isOf(result, endpoint, id)) return invalid('other-record', answered);
  tellValueDrift(tell, endpoint, 'timestamp', timestamp);
  return new Answer(id, result, timestamp, answered);
}

function answeredBy(httpStatus: number, reading: Envelope | { readonly reason: InvalidReason }): Answered {
  if ('reason' in reading) return { httpStatus };
  const { status, requestId } = reading;
  return requestId === undefined ? { status, httpStatus } : { status, httpStatus, requestId };
}

const invalid = (reason: InvalidReason, answered: Answered): UpstreamFailure => ({
  kind: 'invalid-response',
  reason,
  answered,
});

interface Envelope {
  readonly status: number;
  readonly result: unknown;
  readonly msg: unknown;
  readonly requestId: string | undefined;
  readonly timestamp: unknown;
}

function readEnvelope(
  { contentType, contentEncoding, body }: RawAnswer,
  endpoint: Endpoint,
  tell: TellDrift,
): Envelope | { readonly reason: InvalidReason } {
  if (!body) return { reason: 'too-large' };
  const coding = readContentCoding(contentEncoding);
  // We never ask for compression, and decompressing would let a few bytes become many.
  if (coding === 'coded') return { reason: 'encoding' };
  if (coding === 'misnamed') tell(endpoint, { kind: 'unknown-value', field: 'content-encoding' });
  const text = readText(body, contentType);
  if (text === undefined) return { reason: 'charset' };
  const value = parse(text, endpoint.longs);
  if (value === undefined) return { reason: 'not-json' };
  if (!isObject(value)) return { reason: 'not-envelope' };
  const { status, result, msg, request_id: requestId, timestamp } = value;
  if (typeof status !== 'number' || !Number.isSafeInteger(status)) return { reason: 'not-envelope' };
  tellValueDrift(tell, endpoint, 'msg', msg);
  return {
    status,
    result: result ?? null,
    msg,
    requestId: typeof requestId === 'string' && /^[\w.-]{1,128}$/.test(requestId) ? requestId : undefined,
    timestamp,
  };
}

/** Whether `result` is null, or one of the values that services write instead of null. */
function isNoRecord(result: unknown): boolean {
  if (result === null || result === '' || result === false) return true;
  return typeof result === 'object' && isEmpty(result);
}

// Without Object.keys, because this runs for every record.
function isEmpty(holder: object): boolean {
  for (const _name in holder) return false;
  return true;
}

function tellValueDrift(tell: TellDrift, endpoint: Endpoint, field: 'msg' | 'timestamp', raw: unknown) {
  if (raw === null || raw === undefined) return;
  const kind = valueDrift(raw, envelopeContract[field].type);
  if (kind !== undefined) tell(endpoint, { kind, field });
}

function refusal(
  status: number,
  msg: unknown,
  answered: Answered,
  statusCodes: ReadonlyMap<number, MappedKind>,
): UpstreamFailure {
  const kind = statusCodes.get(status);
  if (kind === undefined) return { kind: 'rejected', message: readable(msg), answered };
  return kind === 'unavailable' ? { kind, reason: 'business-status', answered } : { kind, answered };
}

// A record without the ID is accepted. The ID may also be a number, as long as it is a safe integer.
function isOf(record: RawRecord, { idField }: Endpoint, id: string): boolean {
  const repeated = record[idField] ?? id;
  if (typeof repeated === 'number') return Number.isSafeInteger(repeated) && String(repeated) === id;
  return repeated === id;
}

// Removes line breaks and Unicode controls that change the text direction: clients show this message to people.
function readable(msg: unknown): string {
  if (typeof msg !== 'string') return '';
  const cleaned = msg
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ')
    .trim();
  return cleaned.length <= maxMessage
    ? cleaned
    : cleaned.slice(0, maxMessage).replace(/[\ud800-\udbff]$/, '');
}

function parse(text: string, longs: Longs | undefined): unknown {
  try {
    return parseLossless(text, longs);
  } catch {
    return undefined;
  }
}
