/** Bytes that two parsers could split into requests in different ways. One of them would see a second request, `smuggled`. */
export interface Framing {
  readonly what: string;
  readonly bytes: string;
}

const query = '/graphql?query={smuggled:__typename}';
const smuggled = `GET ${query} HTTP/1.1\r\nhost: gateway\r\n\r\n`;
const body = '{"query":"{__typename}"}';
const chunk = `${body.length.toString(16)}\r\n${body}\r\n`;

const post = (lines: readonly string[], rest: string, version = '1.1') =>
  `POST /graphql HTTP/${version}\r\nhost: gateway\r\ncontent-type: application/json\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n${rest}`;

// Headers that only some parsers take for chunked. The body is complete in both readings.
const codings = [
  'transfer-encoding: chunked, identity',
  'transfer-encoding: identity',
  'transfer-encoding: xchunked',
  'transfer-encoding: chunked, chunked',
  'transfer-encoding: gzip, chunked',
  'transfer-encoding:\x0bchunked',
  'transfer-encoding: "chunked"',
  'transfer-encoding: chunked;q=1',
  'transfer-encoding: chunked\r\ntransfer-encoding: identity',
  'transfer-encoding: identity\r\ntransfer-encoding: chunked',
  'transfer-encoding:\r\n chunked',
  'transfer-encoding : chunked',
  ' transfer-encoding: chunked',
  'transfer-encoding\t: chunked',
  'transfer-encoding: chunked\0',
  'transfer-encoding: \u00a0chunked',
];

const lengths = [
  'content-length: 0\r\ncontent-length: 24',
  'content-length: 24\r\ncontent-length: 0',
  'content-length: 24, 24',
  'content-length: 0, 24',
  'content-length: +24',
  'content-length: -1',
  'content-length: 0x18',
  'content-length: 24;',
  'content-length: 2 4',
  'content-length: 24\x0b',
  'content-length: 18446744073709551640',
  'content-length : 24',
  'content-length:\r\n 24',
];

/** Each of these is ambiguous: the first request may get an answer, the second must not. */
export const ambiguous: readonly Framing[] = [
  {
    what: 'a length and chunks, the length first',
    bytes: post(['content-length: 5', 'transfer-encoding: chunked'], `0\r\n\r\n${smuggled}`),
  },
  {
    what: 'a length and chunks, the chunks first',
    bytes: post(['transfer-encoding: chunked', `content-length: ${smuggled.length}`], `0\r\n\r\n${smuggled}`),
  },
  ...codings.map((line) => ({
    what: `${JSON.stringify(line)} and a length`,
    bytes: post([line, 'content-length: 5'], `0\r\n\r\n${smuggled}`),
  })),
  ...codings.slice(0, 7).map((line) => ({
    what: `${JSON.stringify(line)} alone`,
    bytes: post([line], `0\r\n\r\n${smuggled}`),
  })),
  ...lengths.map((line) => ({ what: JSON.stringify(line), bytes: post([line], `${body}${smuggled}`) })),
  ...[
    { what: 'a chunk without a length', chunks: `\r\n${body}\r\n0\r\n\r\n` },
    { what: 'a chunk of a negative length', chunks: `-1\r\n${body}\r\n0\r\n\r\n` },
    { what: 'a chunk length that begins with 0x', chunks: `0x18\r\n${body}\r\n0\r\n\r\n` },
    { what: 'a chunk whose length overflows', chunks: `10000000000000018\r\n${body}\r\n0\r\n\r\n` },
    { what: 'a chunk length followed by blanks', chunks: `18 \x0b\r\n${body}\r\n0\r\n\r\n` },
    { what: 'a chunk longer than its length', chunks: `10\r\n${body}\r\n0\r\n\r\n` },
    { what: 'chunks that end in bare line feeds', chunks: `18\n${body}\n0\n\n` },
    { what: 'a chunk extension with a bare line feed', chunks: `18;a\nb\r\n${body}\r\n0\r\n\r\n` },
    { what: 'a trailer that is not a header', chunks: `${chunk}0\r\nno header\r\n\r\n` },
    { what: 'a folded trailer', chunks: `${chunk}0\r\n folded: 1\r\n\r\n` },
  ].map(({ what, chunks }) => ({
    what,
    bytes: post(['transfer-encoding: chunked'], `${chunks}${smuggled}`),
  })),
  { what: 'a folded header', bytes: post(['x-a: 1', ' content-length: 24', 'content-length: 0'], smuggled) },
  {
    what: 'a bare carriage return in a header',
    bytes: post(['x-a: 1\rcontent-length: 0', 'content-length: 5'], `12345${smuggled}`),
  },
  { what: 'a NUL in a header', bytes: post(['x-a: 1\0', 'content-length: 0'], smuggled) },
  { what: 'a header without a name', bytes: post([': 1', 'content-length: 0'], smuggled) },
  { what: 'a header without a colon', bytes: post(['x-a', 'content-length: 0'], smuggled) },
  {
    what: 'bare line feeds',
    bytes: `POST /graphql HTTP/1.1\nhost: gateway\ncontent-length: 0\n\n${smuggled}`,
  },
  { what: 'a header that ends in a bare line feed', bytes: post(['x-a: 1\ncontent-length: 0'], smuggled) },
  {
    what: 'chunks in HTTP/1.0',
    bytes: post(['transfer-encoding: chunked', 'connection: keep-alive'], `0\r\n\r\n${smuggled}`, '1.0'),
  },
  { what: 'a blank before the first line', bytes: ` ${post(['content-length: 0'], smuggled)}` },
  { what: 'two hosts', bytes: post(['host: other', 'content-length: 0'], smuggled) },
  { what: 'no host', bytes: `GET ${query} HTTP/1.1\r\n\r\n${smuggled}` },
  { what: 'HTTP/0.9', bytes: `GET ${query}\r\n\r\n${smuggled}` },
  { what: 'HTTP/2 without an upgrade', bytes: `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${smuggled}` },
  { what: 'a version that does not exist', bytes: post(['content-length: 0'], smuggled, '1.2') },
  { what: 'a blank in the path', bytes: `GET /graphql x HTTP/1.1\r\nhost: gateway\r\n\r\n${smuggled}` },
  { what: 'a lower-case method', bytes: `get ${query} HTTP/1.1\r\nhost: gateway\r\n\r\n${smuggled}` },
  { what: 'a TLS ClientHello', bytes: `\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03${smuggled}` },
  { what: 'a CONNECT', bytes: `CONNECT 127.0.0.1:22 HTTP/1.1\r\nhost: gateway\r\n\r\n${smuggled}` },
  {
    what: 'an upgrade to another protocol',
    bytes: `GET /x HTTP/1.1\r\nhost: gateway\r\nconnection: upgrade, close\r\nupgrade: websocket\r\n\r\n${smuggled}`,
  },
];
