import { describe, expect, it } from 'vitest';
import { createTestClock } from '../support/clock.ts';
import { type Asked, startFaultServer } from '../support/fault-server.ts';
import { envelopeFor, flood, http, httpChunked, send, sendAndClose, well } from '../support/faults.ts';
import { openUpstream, titleOf } from '../support/open-upstream.ts';

const timeoutMs = 300;
const lengthOf = (asked: Asked) => Buffer.byteLength(envelopeFor(asked));

/** An answer with this head and body. */
const answer = (head: string, body: (asked: Asked) => string) => (asked: Asked) =>
  `${head}\r\n\r\n${body(asked)}`;

// `kind` is the kind of failure of the first call, or the title of its record.
const lies = [
  {
    lie: 'too short a length',
    fault: send(answer('HTTP/1.1 200 OK\r\ncontent-length: 20', envelopeFor)),
    kind: 'invalid-response',
  },
  {
    lie: 'too long a length',
    fault: send((asked) =>
      answer(`HTTP/1.1 200 OK\r\ncontent-length: ${lengthOf(asked) + 1}`, envelopeFor)(asked),
    ),
    kind: 'timeout',
  },
  {
    lie: 'two lengths that differ',
    fault: send((asked) =>
      answer(
        `HTTP/1.1 200 OK\r\ncontent-length: ${lengthOf(asked)}\r\ncontent-length: 5`,
        envelopeFor,
      )(asked),
    ),
    kind: 'invalid-response',
  },
  {
    lie: 'a length that is no number',
    fault: send(answer('HTTP/1.1 200 OK\r\ncontent-length: ten', envelopeFor)),
    kind: 'invalid-response',
  },
  {
    lie: 'a length and chunks',
    fault: send((asked) =>
      httpChunked(envelopeFor(asked)).replace('\r\n', `\r\ncontent-length: ${lengthOf(asked)}\r\n`),
    ),
    kind: 'invalid-response',
  },
  {
    lie: 'chunks and a length',
    fault: send((asked) =>
      httpChunked(envelopeFor(asked)).replace(
        'chunked\r\n',
        `chunked\r\ncontent-length: ${lengthOf(asked)}\r\n`,
      ),
    ),
    kind: 'invalid-response',
  },
  {
    lie: 'a chunk without a size',
    fault: send(answer('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked', () => 'zz\r\n{}\r\n0\r\n\r\n')),
    kind: 'invalid-response',
  },
  {
    lie: 'a chunk longer than its size',
    fault: send(answer('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked', () => '1\r\n{}\r\n0\r\n\r\n')),
    kind: 'invalid-response',
  },
  {
    lie: 'a transfer encoding of its own',
    fault: send(answer('HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked', () => '2\r\n{}\r\n0\r\n\r\n')),
    kind: 'invalid-response',
  },
  {
    lie: 'HTTP/1.0 until the end of the connection',
    fault: sendAndClose(answer('HTTP/1.0 200 OK', envelopeFor)),
    kind: 'token-1',
  },
  {
    lie: 'HTTP/1.0 that is kept alive',
    fault: send((asked) =>
      answer(
        `HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: ${lengthOf(asked)}`,
        envelopeFor,
      )(asked),
    ),
    kind: 'token-1',
  },
  { lie: 'HTTP/0.9', fault: sendAndClose(envelopeFor), kind: 'invalid-response' },
  { lie: 'HTTP/2', fault: send('HTTP/2 200 OK\r\n\r\n'), kind: 'invalid-response' },
  { lie: 'another protocol', fault: send('SSH-2.0-OpenSSH_9.9\r\n'), kind: 'invalid-response' },
  {
    lie: 'a 100 before the answer',
    fault: send((asked) =>
      Buffer.concat([Buffer.from('HTTP/1.1 100 Continue\r\n\r\n'), http(envelopeFor(asked))]),
    ),
    kind: 'invalid-response',
  },
  {
    lie: 'a hundred times 100',
    fault: send('HTTP/1.1 100 Continue\r\n\r\n'.repeat(100)),
    kind: 'invalid-response',
  },
  {
    lie: 'a hundred and one 102 before the answer',
    fault: send(
      (asked) => `${'HTTP/1.1 102 Processing\r\n\r\n'.repeat(101)}${http(envelopeFor(asked)).toString()}`,
    ),
    kind: 'invalid-response',
  },
  {
    lie: 'a 102 without an end',
    fault: send('HTTP/1.1 102 Processing\r\n\r\n'.repeat(10_000)),
    kind: 'invalid-response',
  },
  {
    lie: 'a 101 that names no protocol',
    fault: send('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
    kind: 'invalid-response',
  },
  {
    lie: 'a 101',
    fault: send('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'),
    kind: 'invalid-response',
  },
  { lie: 'a 204', fault: send('HTTP/1.1 204 No Content\r\n\r\n'), kind: 'invalid-response' },
  {
    lie: 'a 204 with a body',
    fault: send((asked) => http(envelopeFor(asked), { status: 204 })),
    kind: 'invalid-response',
  },
  {
    lie: 'a 302',
    fault: send(http('', { status: 302, headers: 'location: http://127.0.0.1:1/\r\n' })),
    kind: 'invalid-response',
  },
  { lie: 'a 304', fault: send('HTTP/1.1 304 Not Modified\r\n\r\n'), kind: 'invalid-response' },
  { lie: 'a 999', fault: send(http('{}', { status: 999 })), kind: 'invalid-response' },
  {
    lie: 'a status of four digits',
    fault: send('HTTP/1.1 2000 OK\r\ncontent-length: 0\r\n\r\n'),
    kind: 'invalid-response',
  },
  {
    lie: 'a header without a name',
    fault: send('HTTP/1.1 200 OK\r\n: x\r\ncontent-length: 0\r\n\r\n'),
    kind: 'invalid-response',
  },
  {
    lie: 'a NUL in a header',
    fault: send('HTTP/1.1 200 OK\r\nx: \0\r\ncontent-length: 0\r\n\r\n'),
    kind: 'invalid-response',
  },
  {
    lie: '64 kB of headers',
    fault: send(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(65_536)}\r\n\r\n`),
    kind: 'invalid-response',
  },
  {
    lie: 'headers without an end',
    fault: flood('HTTP/1.1 200 OK\r\n', Buffer.from(`x: ${'x'.repeat(1000)}\r\n`)),
    kind: 'invalid-response',
  },
];

describe('an answer with wrong framing:', () => {
  it.each(lies)(
    '$lie is $kind, is not retried, and does not affect the next caller',
    async ({ fault, kind }) => {
      await using server = await startFaultServer(({ token }) => (token === 'token-1' ? fault : well));
      await using way = openUpstream(server.url, { timeoutMs });
      const settled = await way.call();
      expect(titleOf(settled)).toBe(kind);
      expect(settled.attempts).toBe(1);
      expect(titleOf(await way.call({ token: 'token-2' }))).toBe('token-2');
      expect(server.asked.map(({ token }) => token)).toEqual(['token-1', 'token-2']);
    },
  );
});

describe('interim responses before the answer', () => {
  const before = (...lines: readonly string[]) =>
    send((asked) =>
      Buffer.concat([...lines.map((line) => Buffer.from(`${line}\r\n\r\n`)), http(envelopeFor(asked))]),
    );

  it.each([
    { interim: ['HTTP/1.1 102 Processing'] },
    { interim: ['HTTP/1.1 103 Early Hints\r\nlink: </x>; rel=preload'] },
    { interim: ['HTTP/1.1 103 Early Hints\r\ncontent-length: 5'] },
    { interim: Array.from({ length: 100 }, () => 'HTTP/1.1 102 Processing') },
    { interim: ['HTTP/1.1 102 Processing', 'HTTP/1.1 103 Early Hints', 'HTTP/1.1 104 Upload Resumption'] },
  ])('$interim is skipped, and the connection can be reused', async ({ interim }) => {
    await using server = await startFaultServer(({ nth }) => (nth === 1 ? before(...interim) : well));
    await using way = openUpstream(server.url, { timeoutMs });
    expect(titleOf(await way.call())).toBe('token-1');
    expect(titleOf(await way.call({ token: 'token-2' }))).toBe('token-2');
    expect(server.connections).toBe(1);
  });

  it('a 102 and then nothing is a time-out; if the connection breaks after it, the call is retried', async () => {
    await using server = await startFaultServer(({ nth }) =>
      nth === 1 ? sendAndClose('HTTP/1.1 102 Processing\r\n\r\n') : send('HTTP/1.1 102 Processing\r\n\r\n'),
    );
    await using way = openUpstream(server.url, { timeoutMs });
    const settled = await way.call();
    expect(titleOf(settled)).toBe('timeout');
    expect(settled.attempts).toBe(2);
  });
});

describe('framing that is refused', () => {
  it.each([
    {
      what: 'a folded header line',
      bytes: 'HTTP/1.1 200 OK\r\nx: 1\r\n  2\r\ncontent-length: 2\r\n\r\n{}',
      reason: 'framing',
      detail: 'Unexpected whitespace after header value',
    },
    {
      what: 'a chunk size of 0x10',
      bytes: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0x10\r\n',
      reason: 'framing',
      detail: 'Invalid character in chunk size',
    },
    {
      what: 'two lengths',
      bytes: 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}',
      reason: 'framing',
      detail: 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
    },
    {
      what: 'a 101',
      bytes: 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n',
      reason: 'framing',
      detail: 'an upgrade that nobody asked for',
    },
    {
      what: 'a 100',
      bytes: 'HTTP/1.1 100 Continue\r\n\r\n',
      reason: 'framing',
      detail: 'an answer that nobody asked for, or 100 Continue',
    },
    {
      what: '64 kB of headers',
      bytes: `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(65_536)}\r\n\r\n`,
      reason: 'too-large',
      detail: 'headers',
    },
  ])('is reported with its reason, once in 10 s: $what', async ({ bytes, reason, detail }) => {
    const clock = createTestClock();
    await using server = await startFaultServer(() => send(bytes));
    await using way = openUpstream(server.url, {}, { clock });
    const told = () => way.events.filter(({ event }) => event === 'upstreamUnusable');
    for (let nth = 0; nth < 3; nth += 1) await way.call();
    expect(told()).toEqual([{ event: 'upstreamUnusable', reason, detail, requestId: 'request-1' }]);
    clock.advance(9999);
    await way.call();
    expect(told()).toHaveLength(1);
    clock.advance(1);
    await way.call();
    expect(told()).toHaveLength(2);
  });
});
