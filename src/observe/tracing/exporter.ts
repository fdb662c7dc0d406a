import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { exportRequest, type Sender } from './otlp.ts';
import { encode } from './protobuf.ts';
import type { TracingSettings } from './settings.ts';
import type { Span } from './span.ts';

/** Whether a batch has arrived; if not, why in a word of ours, and whether it may arrive later. */
export type Exported =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly reason: string; readonly again: boolean };

/** Sends one batch. Never rejects. */
export type Exporter = (spans: readonly Span[], signal: AbortSignal) => Promise<Exported>;

const compress = promisify(gzip);

/** OTLP over HTTP. */
export function createExporter(
  { url, protocol, compression, headers, timeoutMs }: TracingSettings,
  sender: Sender,
): Exporter {
  return async (spans, signal) => {
    try {
      const message = exportRequest(spans, sender);
      const bytes = protocol === 'http/json' ? Buffer.from(JSON.stringify(message)) : encode(message);
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          ...headers,
          'content-type': protocol === 'http/json' ? 'application/json' : 'application/x-protobuf',
          ...(compression === 'gzip' && { 'content-encoding': 'gzip' }),
        },
        body: compression === 'gzip' ? await compress(bytes) : bytes,
        // To follow one would send the headers, which can hold a key, to another host.
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
      await response.body?.cancel();
      if (response.ok) return { kind: 'done' };
      const again = [429, 502, 503, 504].includes(response.status);
      return { kind: 'failed', reason: `HTTP ${response.status}`, again };
    } catch (error) {
      return { kind: 'failed', reason: reasonOf(error), again: true };
    }
  };
}

// The system's code or the error's name: a message could hold an address or a header.
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { cause } = error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.name;
}
