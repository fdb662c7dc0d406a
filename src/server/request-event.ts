import type { ErrorCode } from '../graphql/error-codes.ts';
import type { OperationReport } from '../graphql/report.ts';
import type { GatewayEvent } from '../observe/events.ts';
import type { RequestFacts } from './request-facts.ts';
import { traceIdOf } from '../base/traceparent.ts';

/** The event of one request, for the log and metrics: its outcome and cost, but nothing of its content. */
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

/** The event of a request to `/graphql` that was refused by its headers alone. */
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
