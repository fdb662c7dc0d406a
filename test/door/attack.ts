/** The request of an attacker, and its expected answer. */
export interface Attack {
  readonly what: string;
  /** The bytes. Each `nonce` makes a new text, so that no cache has it. */
  readonly bytes: (nonce: number) => Buffer;
  /** The HTTP status. */
  readonly status: number;
  /** The code of each error. */
  readonly code: string;
}

/** The token of all attacks. A call upstream with this token was made by an attack. */
export const attacker = 'attacker';

const usual = {
  host: 'gateway',
  connection: 'close',
  token: attacker,
  accept: 'application/graphql-response+json',
};

type Headers = Readonly<Record<string, string | undefined>>;

/** The bytes of a request. A header that is undefined is left out. */
export function request(line: string, headers: Headers, body: Buffer | string = ''): Buffer {
  const lines = Object.entries({ ...usual, ...headers })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([
    Buffer.from(`${line} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1'),
    typeof body === 'string' ? Buffer.from(body) : body,
  ]);
}

export function post(body: Buffer | string, headers: Headers = {}): Buffer {
  const length = String(Buffer.byteLength(body));
  return request(
    'POST /graphql',
    { 'content-type': 'application/json', 'content-length': length, ...headers },
    body,
  );
}

/** A well-formed POST of an operation. */
export const operation = (query: string, variables?: unknown, token = attacker): Buffer =>
  post(JSON.stringify({ query, variables }), { token });

export const times = (count: number, text: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => text(at)).join(' ');
