import type { ErrorCode } from '../graphql/error-codes.ts';
import type { OperationReport } from '../graphql/report.ts';
import type { GatewayEvent } from '../observe/events.ts';
import type { RequestFacts } from './request-facts.ts';
import { traceIdOf } from '../base/traceparent.ts';

/** One request as it is seen from outside: what it came to and what it cost, nothing of what was asked or answered. */
export function requestEvent(
  report: OperationReport,
  { requestId, traceparent, client }: RequestFacts,
  httpStatus: number,
  durationMs: number,
): GatewayEvent {
  return {
    event: 'request',
    requestId,
    traceId: traceparent && traceIdOf(traceparent),
    client,
    operationName: report.operationName,
    document: report.documentOrigin,
    httpStatus,
    durationMs: tenths(durationMs),
    upstreamCalls: report.calls,
    upstreamMs: tenths(report.upstreamMs),
    waitedMs: tenths(report.waitedMs),
    shared: report.shared,
    retries: report.retries,
    deprecatedUses: report.deprecatedUses.length > 0 ? report.deprecatedUses : undefined,
    codes: report.codes,
    upstreamRequestIds: report.upstreamRequestIds,
  };
}

/** A request to /graphql that was refused before anything was read of it but its head. */
export function refusedEvent(
  { requestId, client }: Pick<RequestFacts, 'requestId' | 'client'>,
  httpStatus: number,
  code: ErrorCode,
): GatewayEvent {
  return {
    event: 'request',
    requestId,
    traceId: undefined,
    client,
    operationName: undefined,
    document: undefined,
    httpStatus,
    durationMs: 0,
    upstreamCalls: 0,
    upstreamMs: 0,
    waitedMs: 0,
    shared: 0,
    retries: 0,
    deprecatedUses: undefined,
    codes: [code],
    upstreamRequestIds: [],
  };
}

const tenths = (ms: number) => Math.round(ms * 10) / 10;
