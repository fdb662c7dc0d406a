import type { IncomingHttpHeaders } from 'node:http';
import { type Dispatcher, errors } from 'undici';
import type { AbortListener, Signal } from '../../base/signal.ts';
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
  /** Names and values in turn: the client reads them so without a copy. */
  readonly headers: string[];
  readonly body: string;
}

/** Some services send 102 every few seconds; who sends it without an end is not waited for. */
const maxInterimAnswers = 100;

/** Sends one request and reads its answer, as far as `maxBytes` and the signal let it. Ends no connection: that is the owner's. */
export function exchange(
  connection: Connection,
  request: ExchangeRequest,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal: Signal },
): Promise<Exchanged> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve({ kind: 'aborted' });
    const { path, headers, body } = request;
    connection.client.dispatch(
      { method: 'POST', path, headers, body },
      new Exchange(connection, maxBytes, signal, resolve),
    );
  });
}

type Controller = Dispatcher.DispatchController;

/** One exchange under way: what the client tells of it, and the signal. Settles once, whichever comes first. */
class Exchange implements Dispatcher.DispatchHandler, AbortListener {
  readonly #connection: Connection;
  readonly #maxBytes: number;
  readonly #signal: Signal;
  readonly #resolve: (exchanged: Exchanged) => void;
  #head: Omit<RawAnswer, 'body'> | undefined;
  // Nearly always one: no list is made before there is a second.
  #body: Uint8Array | undefined;
  #chunks: Uint8Array[] | undefined;
  #bytes = 0;
  #interimAnswers = 0;

  constructor(
    connection: Connection,
    maxBytes: number,
    signal: Signal,
    resolve: (exchanged: Exchanged) => void,
  ) {
    this.#connection = connection;
    this.#maxBytes = maxBytes;
    this.#signal = signal;
    this.#resolve = resolve;
    signal.addEventListener('abort', this, { once: true });
  }

  handleEvent(): void {
    this.#settle({ kind: 'aborted' });
  }

  onRequestStart(): void {
    // The client takes no handler without one.
  }

  onResponseStart(_controller: Controller, httpStatus: number, headers: IncomingHttpHeaders): void {
    // A 102, 103 or one that is not invented yet: the answer follows. The client itself refuses a 100, which nothing asks for.
    if (httpStatus > 101 && httpStatus < 200) {
      this.#interimAnswers += 1;
      if (this.#interimAnswers > maxInterimAnswers) this.#settle(badFraming('too many interim answers'));
      return;
    }
    if (httpStatus < 200) return this.#settle(badFraming(upgrade));
    this.#head = {
      kind: 'answered',
      httpStatus,
      contentType: single(headers['content-type']),
      contentEncoding: single(headers['content-encoding']),
      retryAfter: single(headers['retry-after']),
    };
    if (Number(single(headers['content-length'])) > this.#maxBytes) this.#answer(this.#head, undefined);
  }

  onResponseData(_controller: Controller, chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) {
      if (this.#head) this.#answer(this.#head, undefined);
    } else if (!this.#body) this.#body = chunk;
    else (this.#chunks ??= [this.#body]).push(chunk);
  }

  onResponseEnd(): void {
    // The client takes a reset for the end of an answer that only its connection's end would tell.
    if (this.#connection.end === 'reset') return this.#settle({ kind: 'broken', code: 'ECONNRESET' });
    const head = this.#head;
    if (!head) return;
    const body = this.#chunks ? Buffer.concat(this.#chunks) : (this.#body ?? nothing);
    const loading = loadCharset(head.contentType);
    if (!loading) return this.#answer(head, body);
    void loading.catch(() => undefined).then(() => this.#answer(head, body));
  }

  onResponseError(_controller: Controller, error: Error): void {
    this.#settle(failureOf(error, this.#connection));
  }

  #answer(head: Omit<RawAnswer, 'body'>, body: Uint8Array | undefined): void {
    const { kind, httpStatus, contentType, contentEncoding, retryAfter } = head;
    this.#settle({ kind, httpStatus, contentType, contentEncoding, retryAfter, body });
  }

  #settle(exchanged: Exchanged): void {
    this.#signal.removeEventListener('abort', this);
    this.#resolve(exchanged);
  }
}

const nothing = new Uint8Array();

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
