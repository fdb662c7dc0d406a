import type { RequestTraces, TracesParts } from '../observe/tracing/request-trace.ts';
import type { TracingSettings } from '../observe/tracing/settings.ts';

/** Starts tracing. OpenTelemetry's packages are loaded only here, so a gateway without tracing never loads them. */
export async function startTraces(settings: TracingSettings, parts: TracesParts): Promise<RequestTraces> {
  const { createRequestTraces } = await import('../observe/tracing/request-trace.ts');
  return createRequestTraces(settings, parts);
}
