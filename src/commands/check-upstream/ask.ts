import { isObject } from '../../base/is-object.ts';
import { conferenceInfo } from '../../domains/conference/endpoint.ts';
import type { Answer } from '../../upstream/answer/answer.ts';
import type { Connections } from '../../upstream/exchange/connections.ts';
import { readText } from '../../upstream/answer/charset.ts';
import type { Drift } from '../../upstream/answer/drift.ts';
import { type RawAnswer, readAnswer } from '../../upstream/answer/envelope.ts';
import { exchange } from '../../upstream/exchange/exchange.ts';
import type { RawRecord } from '../../upstream/contract.ts';
import type { UpstreamFailure } from '../../upstream/failures.ts';
import { parseLossless } from '../../upstream/answer/lossless-json.ts';
import { createRequests } from '../../upstream/exchange/request.ts';
import type { UpstreamSettings } from '../../upstream/settings.ts';

/** What is asked, and how the token travels. */
export interface Question {
  readonly token: string;
  readonly tokenIn: 'header' | 'body';
  readonly id: string;
}

/** A JSON object that the upstream sent, parsed in two ways. */
export interface Came {
  /** By JSON.parse: each value has the type that was sent. */
  readonly plain: RawRecord;
  /** By the gateway's parser: integers beyond 2^53 are strings of their digits. */
  readonly exact: RawRecord;
}

/** One exchange with the upstream: the answer, and how the gateway judges it. */
export interface Asked {
  readonly outcome: Answer | UpstreamFailure;
  /** The system's error code if no complete answer came, or the HTTP parser's message if it refuses the framing. */
  readonly brokenBy: string | undefined;
  /** Deviations from the contract outside the record. */
  readonly drift: readonly Drift[];
  /** Undefined if the answer was not a JSON object. */
  readonly envelope: Came | undefined;
  /** Milliseconds to the last byte. */
  readonly durationMs: number;
}

/** Asks once, without the gateway's retry: a check must show the first answer. */
export async function ask(
  { token, tokenIn, id }: Question,
  settings: Pick<UpstreamSettings, 'url' | 'timeoutMs' | 'maxBytes' | 'statusCodes'>,
  connections: Connections,
): Promise<Asked> {
  const question = {
    token,
    endpoint: conferenceInfo,
    id,
    requestId: `check-upstream-${crypto.randomUUID()}`,
    traceparent: undefined,
  };
  const request = createRequests({ url: settings.url, tokenIn })(question);
  const startedAt = performance.now();
  const connection = connections.take(performance.now() + settings.timeoutMs);
  const exchanged = await exchange(connection, request, {
    maxBytes: settings.maxBytes,
    signal: AbortSignal.timeout(settings.timeoutMs),
  });
  if (exchanged.kind === 'answered') connections.giveBack(connection);
  else connection.destroy();
  const durationMs = performance.now() - startedAt;
  const drift: Drift[] = [];
  const failed = (outcome: UpstreamFailure, brokenBy?: string): Asked => ({
    outcome,
    brokenBy,
    drift,
    envelope: undefined,
    durationMs,
  });
  switch (exchanged.kind) {
    case 'answered':
      return {
        outcome: readAnswer(exchanged, conferenceInfo, id, settings.statusCodes, (_endpoint, one) => {
          drift.push(one);
        }),
        brokenBy: undefined,
        drift,
        envelope: objectIn(exchanged),
        durationMs,
      };
    case 'broken':
      return failed({ kind: 'unavailable', reason: 'connection' }, exchanged.code);
    case 'unusable':
      return failed(
        { kind: 'invalid-response', reason: exchanged.reason },
        `${exchanged.reason}: ${exchanged.detail}`,
      );
    case 'aborted':
      return failed({ kind: 'timeout' });
    default:
      return exchanged satisfies never;
  }
}

function objectIn({ body, contentType }: RawAnswer): Came | undefined {
  const text = body && readText(body, contentType);
  if (text === undefined) return undefined;
  try {
    return cameAs(JSON.parse(text), parseLossless(text, conferenceInfo.longs));
  } catch {
    return undefined;
  }
}

/** Both readings of a value, if it is a JSON object. */
export function cameAs(plain: unknown, exact: unknown): Came | undefined {
  return isObject(plain) && isObject(exact) ? { plain, exact } : undefined;
}
