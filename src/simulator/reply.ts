import { exampleEnvelope } from './example.ts';

/** What the server sends back. */
export interface Reply {
  readonly httpStatus: number;
  readonly contentType: string;
  readonly body: string;
}

// Node has had `JSON.rawJSON` since 21; TypeScript's library does not declare it yet.
declare global {
  interface JSON {
    /** A value that JSON.stringify writes as this text. */
    rawJSON(text: string): unknown;
  }
}

/** JSON laid out as the contract prints it; a bigint is written as a number, to the digit. */
function toJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_key, part: unknown) => (typeof part === 'bigint' ? JSON.rawJSON(String(part)) : part),
    2,
  );
}

function json(httpStatus: number, envelope: unknown): Reply {
  return { httpStatus, contentType: 'application/json; charset=utf-8', body: toJson(envelope) };
}

// Looks like the contract's example, and depends on the clock alone: the same clock gives the same bytes.
function requestId(nowMs: number): string {
  return `rtsas-172371014-${(nowMs / 1000).toFixed(3)}000000.258`;
}

/** A successful answer: `result` is the record, or null where there is none. */
export function success(result: unknown, nowMs: number): Reply {
  const timestamp = Math.floor(nowMs);
  return json(200, {
    status: 0,
    result,
    msg: 'success',
    request_id: requestId(timestamp),
    timestamp,
    request_duration: '68.5ms',
  });
}

/** A failure in the contract's envelope; the upstream may send one under any HTTP status, 200 included. */
export function failure(httpStatus: number, status: number, msg: string, nowMs: number): Reply {
  const timestamp = Math.floor(nowMs);
  return json(httpStatus, {
    status,
    result: null,
    msg,
    request_id: requestId(timestamp),
    timestamp,
    request_duration: '1.2ms',
  });
}

/** The contract's own example, byte for byte. */
export const exampleReply: Reply = json(200, exampleEnvelope);

/** An HTML error page, as a proxy sends it in place of JSON. */
export const htmlReply: Reply = {
  httpStatus: 200,
  contentType: 'text/html; charset=utf-8',
  body: '<!doctype html>\n<html lang="zh"><title>系统维护中</title><h1>系统维护中，请稍后再试</h1></html>\n',
};

/** The first half of the reply, with the right content-length: only the JSON is broken. */
export function cutInHalf(reply: Reply): Reply {
  return { ...reply, body: reply.body.slice(0, Math.floor(reply.body.length / 2)) };
}
