import { type Dispatcher, errors } from 'undici';
import type { Connection } from './connections.ts';
import type { InvalidReason } from '../failures.ts';
import { loadCharset } from '../answer/charset.ts';

/** What came of one HTTP exchange. */
export type Exchanged =
  | RawAnswer
  /** No complete answer came: refused, reset, closed. `code` is the system's or the client's, of no one's choosing. */
  | { readonly kind: 'broken'; readonly code: string }
  /** What came is no HTTP answer, and asking again would not make it one. `detail` says why, in the parser's words or ours. */
  | { readonly kind: 'unusable'; readonly reason: InvalidReason; readonly detail: string }
  | { readonly kind: 'aborted' };

/** An answer, not yet understood. */
interface RawAnswer {
  readonly kind: 'answered';
  readonly httpStatus: number;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly retryAfter: string | undefined;
  /** Undefined where it is longer than it may be. */
  readonly body: Uint8Array | undefined;
}

export interface ExchangeRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Some services send 102 every few seconds; who sends it without an end is not waited for. */
const maxInterimAnswers = 100;

/** Sends one request and reads its answer, as far as `maxBytes` and the signal let it. Ends no connection: that is the owner's. */
export function exchange(
  connection: Connection,
  request: ExchangeRequest,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<Exchanged> {
  return new Promise((resolve) => {
    let head: Omit<RawAnswer, 'body'> | undefined;
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    let interimAnswers = 0;

    const settle = (exchanged: Exchanged) => {
      signal.removeEventListener('abort', onAbort);
      resolve(exchanged);
    };
    const onAbort = () => settle({ kind: 'aborted' });
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart() {
        // The client takes no handler without one.
      },
      onResponseStart(_controller, httpStatus, headers) {
        // A 102, 103 or one that is not invented yet: the answer follows. The client itself refuses a 100, which nothing asks for.
        if (httpStatus > 101 && httpStatus < 200) {
          interimAnswers += 1;
          if (interimAnswers > maxInterimAnswers) settle(badFraming('too many interim answers'));
          return;
        }
        if (httpStatus < 200) return settle(badFraming(upgrade));
        head = {
          kind: 'answered',
          httpStatus,
          contentType: single(headers['content-type']),
          contentEncoding: single(headers['content-encoding']),
          retryAfter: single(headers['retry-after']),
        };
        if (Number(single(headers['content-length'])) > maxBytes) settle({ ...head, body: undefined });
      },
      onResponseData(_controller, chunk) {
        bytes += chunk.length;
        if (bytes <= maxBytes) chunks.push(chunk);
        else if (head) settle({ ...head, body: undefined });
      },
      onResponseEnd() {
        // The client takes a reset for the end of an answer that only its connection's end would tell.
        if (connection.end === 'reset') return settle({ kind: 'broken', code: 'ECONNRESET' });
        const [only = new Uint8Array()] = chunks;
        if (!head) return;
        const answered = { ...head, body: chunks.length > 1 ? Buffer.concat(chunks) : only };
        const loading = loadCharset(head.contentType);
        if (!loading) return settle(answered);
        void loading.catch(() => undefined).then(() => settle(answered));
      },
      onResponseError: (_controller, error) => settle(failureOf(error, connection)),
    };
    connection.client.dispatch({ ...request, method: 'POST' }, handler);
  });
}

const single = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.join(', ');

const upgrade = 'an upgrade that nobody asked for';
const badFraming = (detail: string): Exchanged => ({ kind: 'unusable', reason: 'framing', detail });

// The certificate may be right, of a CA that Node does not know.
const untrusted: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

// The client's errors hold bytes of the answer and addresses: nothing of them is kept but words of fixed forms.
function failureOf(error: NodeJS.ErrnoException, { end }: Connection): Exchanged {
  if (error instanceof errors.HeadersOverflowError)
    return { kind: 'unusable', reason: 'too-large', detail: 'headers' };
  const isClients = error instanceof errors.UndiciError || error instanceof errors.HTTPParserError;
  // While the connection stands, the client can only complain of what came on it. After its end, that it was not whole.
  if (isClients && !end) return badFraming(wordsOf(error));
  const { code = '' } = error;
  if (untrusted.has(code))
    return { kind: 'broken', code: `${code} (NODE_EXTRA_CA_CERTS names a file of further CAs to trust)` };
  return { kind: 'broken', code: /^[A-Z][A-Z\d_]{1,60}$/.test(code) ? code : 'UNKNOWN' };
}

/** Why the client refuses what came. Its messages are constants; of the parser's, the reason in parentheses. */
function wordsOf(error: NodeJS.ErrnoException): string {
  const { code = 'UNKNOWN', message } = error;
  if (code === 'UND_ERR_SOCKET')
    return message === 'bad upgrade' ? upgrade : 'an answer that nobody asked for, or 100 Continue';
  const [, reason = code] = /\(([\w ,.:/'`-]{1,100})\)$/.exec(message) ?? [];
  return reason;
}
