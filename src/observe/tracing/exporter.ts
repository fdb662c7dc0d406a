import * as plain from 'node:http';
import * as secure from 'node:https';
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
  const send = createSend(url);
  return async (spans, stop) => {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)]);
    try {
      const message = exportRequest(spans, sender);
      const bytes = protocol === 'http/json' ? Buffer.from(JSON.stringify(message)) : encode(message);
      const status = await send({
        headers: {
          ...headers,
          'content-type': protocol === 'http/json' ? 'application/json' : 'application/x-protobuf',
          ...(compression === 'gzip' && { 'content-encoding': 'gzip' }),
        },
        body: compression === 'gzip' ? await compress(bytes) : bytes,
        signal,
      });
      if (status >= 200 && status <= 299) return { kind: 'done' };
      return { kind: 'failed', reason: `HTTP ${status}`, again: [429, 502, 503, 504].includes(status) };
    } catch (error) {
      return { kind: 'failed', reason: reasonOf(signal.aborted ? signal.reason : error), again: true };
    }
  };
}

interface Batch {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly signal: AbortSignal;
}

/**
 * Sends a batch and gives the status of the answer. Not by `fetch` or the global agent: with NODE_USE_ENV_PROXY these go through a
 * proxy. A redirect is not followed either: that would send the headers, which can hold a key, to another host.
 */
function createSend(url: URL): (batch: Batch) => Promise<number> {
  const isSecure = url.protocol === 'https:';
  const { request } = isSecure ? secure : plain;
  // Certificates are checked whatever NODE_TLS_REJECT_UNAUTHORIZED says: the headers can hold a key.
  const agent = isSecure
    ? new secure.Agent({ keepAlive: true, rejectUnauthorized: true })
    : new plain.Agent({ keepAlive: true });
  return ({ headers, body, signal }) =>
    new Promise((resolve, reject) => {
      const allHeaders = { ...headers, 'content-length': body.length };
      request(url, { method: 'POST', headers: allHeaders, agent, signal }, (response) => {
        response.once('error', reject).once('end', () => resolve(response.statusCode ?? 0));
        response.resume();
      })
        .once('error', reject)
        .end(body);
    });
}

// The system's code or the error's name: a message could hold an address or a header.
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
