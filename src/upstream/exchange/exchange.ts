import type { IncomingHttpHeaders } from 'node:http';
import { type Dispatcher, errors } from 'undici';
import { Stage } from '../../base/stage.ts';
import type { AbortListener, Signal } from '../../base/signal.ts';
import type { Connection } from './connections.ts';
import type { InvalidReason } from '../failures.ts';
import { loadCharset } from '../answer/charset.ts';

/** The outcome of one HTTP exchange. */
export type Exchanged =
  | RawAnswer
  /** No complete answer: refused, reset, closed. `code` is an error code of the system or of undici, never text of the upstream. */
  | { readonly kind: 'broken'; readonly code: string }
  /** The bytes are not a valid HTTP answer, and a retry would not help. `detail` is the parser's message or ours. */
  | { readonly kind: 'unusable'; readonly reason: InvalidReason; readonly detail: string }
  | { readonly kind: 'aborted' };

/** A complete answer, not parsed yet. */
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
  /** Alternating names and values: undici takes this form without a copy. */
  readonly headers: string[];
  readonly body: string;
}

/** Some services send 102 every few seconds. The limit protects against an endless series. */
const maxInterimAnswers = 100;

/** Sends one request and reads its answer, up to `maxBytes` and until the signal. The connection's owner has to close it. */
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

/** Answers that arrive together are read together. */
const settled = new Stage<Exchange>((settling) => settling.resolve());

type Controller = Dispatcher.DispatchController;

/** One exchange: undici's handler and an abort listener. It settles once, with the first event. */
class Exchange implements Dispatcher.DispatchHandler, AbortListener {
  readonly #connection: Connection;
  readonly #maxBytes: number;
  readonly #signal: Signal;
  readonly #resolve: (exchanged: Exchanged) => void;
  #exchanged: Exchanged | undefined;
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
    this.#exchanged = { kind: 'aborted' };
    // At once: the call gives back its turn before the next deadline passes.
    this.resolve();
  }

  onRequestStart(): void {
    // undici requires this method.
  }

  onResponseStart(_controller: Controller, httpStatus: number, headers: IncomingHttpHeaders): void {
    // An interim answer such as 102 or 103: the final one follows. undici itself refuses a 100, because we never send `expect`.
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
    // Without a length, the end of the connection is the end of the answer, and undici treats a reset like a normal end.
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
    if (this.#exchanged) return;
    this.#exchanged = exchanged;
    this.#signal.removeEventListener('abort', this);
    settled.add(this);
  }

  /** Once it has settled. */
  resolve(): void {
    if (this.#exchanged) this.#resolve(this.#exchanged);
  }
}

const nothing = new Uint8Array();

const single = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.join(', ');

const upgrade = 'an upgrade that nobody asked for';
const badFraming = (detail: string): Exchanged => ({ kind: 'unusable', reason: 'framing', detail });

// Codes of a certificate from a CA that Node does not know.
const untrusted: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

// undici's errors contain bytes of the answer and addresses: only texts of known forms are kept.
function failureOf(error: NodeJS.ErrnoException, { end }: Connection): Exchanged {
  if (error instanceof errors.HeadersOverflowError)
    return { kind: 'unusable', reason: 'too-large', detail: 'headers' };
  const isClients = error instanceof errors.UndiciError || error instanceof errors.HTTPParserError;
  // If the connection is still open, an error of undici means bad bytes. If it has ended, the answer was incomplete.
  if (isClients && !end) return badFraming(wordsOf(error));
  const { code = '' } = error;
  if (untrusted.has(code))
    return { kind: 'broken', code: `${code} (NODE_EXTRA_CA_CERTS names a file of further CAs to trust)` };
  return { kind: 'broken', code: /^[A-Z][A-Z\d_]{1,60}$/.test(code) ? code : 'UNKNOWN' };
}

/** undici's message, which is a constant; of the parser's message, only the reason in parentheses. */
function wordsOf(error: NodeJS.ErrnoException): string {
  const { code = 'UNKNOWN', message } = error;
  if (code === 'UND_ERR_SOCKET')
    return message === 'bad upgrade' ? upgrade : 'an answer that nobody asked for, or 100 Continue';
  const [, reason = code] = /\(([\w ,.:/'`-]{1,100})\)$/.exec(message) ?? [];
  return reason;
}
