import type { Dispatcher } from 'undici';
import type { InvalidReason } from './failures.ts';

/** What came of one HTTP exchange. */
export type Exchanged =
  | {
      readonly kind: 'complete';
      readonly httpStatus: number;
      readonly contentEncoding: string | undefined;
      readonly retryAfter: string | undefined;
      readonly body: Uint8Array;
    }
  /** No complete answer came: refused, reset, closed. `code` is the system's or the client's, of no one's choosing. */
  | { readonly kind: 'broken'; readonly code: string }
  /** What came cannot be an answer, and asking again would not make it one. */
  | { readonly kind: 'unusable'; readonly reason: InvalidReason }
  | { readonly kind: 'aborted' };

export interface ExchangeRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly maxBytes: number;
}

/** Sends one request and reads its answer. Aborted, or refused while it is read, it takes its connection with it. */
export async function exchange(
  dispatcher: Dispatcher,
  { path, headers, body, maxBytes }: ExchangeRequest,
  signal: AbortSignal,
): Promise<Exchanged> {
  if (signal.aborted) return { kind: 'aborted' };
  return new Promise((resolve) => {
    let controller: Dispatcher.DispatchController | undefined;
    let head: { readonly httpStatus: number; readonly headers: Headers } | undefined;
    const chunks: Uint8Array[] = [];
    let bytes = 0;

    const settle = (exchanged: Exchanged) => {
      signal.removeEventListener('abort', onAbort);
      resolve(exchanged);
    };
    const cut = (exchanged: Exchanged) => {
      settle(exchanged);
      controller?.abort(new Error('cut'));
    };
    const onAbort = () => cut({ kind: 'aborted' });
    signal.addEventListener('abort', onAbort, { once: true });

    dispatcher.dispatch(
      { path, method: 'POST', headers, body, headersTimeout: 0, bodyTimeout: 0 },
      {
        onRequestStart(started) {
          controller = started;
          if (signal.aborted) started.abort(new Error('cut'));
        },
        onResponseStart(_controller, httpStatus, received) {
          if (httpStatus < 200) return cut({ kind: 'unusable', reason: 'redirect' });
          head = { httpStatus, headers: received };
          if (Number(single(received['content-length'])) > maxBytes)
            cut({ kind: 'unusable', reason: 'too-large' });
        },
        onResponseData(_controller, chunk) {
          bytes += chunk.length;
          if (bytes > maxBytes) return cut({ kind: 'unusable', reason: 'too-large' });
          chunks.push(chunk);
        },
        onResponseEnd() {
          if (!head) return;
          settle({
            kind: 'complete',
            httpStatus: head.httpStatus,
            contentEncoding: single(head.headers['content-encoding']),
            retryAfter: single(head.headers['retry-after']),
            body: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks),
          });
        },
        onResponseError: (_controller, error) => settle(brokenBy(error)),
      },
    );
  });
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const single = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.join(', ');

// The client's errors hold bytes of the answer and addresses: nothing of them is kept but these words.
function brokenBy(error: Error & { readonly code?: string }): Exchanged {
  if (error.code === 'UND_ERR_HEADERS_OVERFLOW') return { kind: 'unusable', reason: 'too-large' };
  if (error.code?.startsWith('HPE_')) {
    // The stream ended inside of a message: that is a broken answer, not a lie about one.
    return error.code === 'HPE_INVALID_EOF_STATE'
      ? { kind: 'broken', code: error.code }
      : { kind: 'unusable', reason: 'framing' };
  }
  // How the client says that a 100 or a 101 came, which nobody had asked for.
  if (error.message === 'bad response' || error.message === 'bad upgrade')
    return { kind: 'unusable', reason: 'framing' };
  return {
    kind: 'broken',
    code: /^[A-Z][A-Z\d_]{1,60}$/.test(error.code ?? '') ? (error.code ?? '') : 'UNKNOWN',
  };
}
