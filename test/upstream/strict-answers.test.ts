import fc from 'fast-check';
import { expect, it } from 'vitest';
import { startFaultServer } from '../support/fault-server.ts';
import { send } from '../support/faults.ts';
import { startTestGateway } from '../support/gateway.ts';

const selection = `
  tempConferenceId eventId title status statusCode startTime stopTime durationSeconds isSecure isRecorded dataCenter
  billingCode customerCode participantPassword observedAt
  host { user { id } name email mobile organization { id } ip location } counters { attendees rawPstnAttendees }`;
const query = `{ a: conference(tempConferenceId: "1") { ${selection} } b: conferences(tempConferenceIds: ["1"]) { title } }`;

/** Parts of a string in JSON: whole and half surrogate pairs, characters that some readers take for line ends, and more. */
const piece = fc.constantFrom(
  '\\ud83d',
  '\\uDE00',
  '\\ud83d\\ude00',
  '😀',
  '会',
  '\\u0000',
  '\\n',
  '\u2028',
  '\u0085',
  '\ufeff',
  '\uffff',
  '\\"',
  '\\\\',
  'a',
  '</script>',
  '\u202e',
);
const text = fc.array(piece, { maxLength: 8 }).map((pieces) => `"${pieces.join('')}"`);
const value = fc.oneof(
  { weight: 4, arbitrary: text },
  fc.constantFrom(
    'null',
    '-0',
    '-1',
    '1e400',
    '-1e400',
    '9007199254740993',
    '1715600000',
    '0.5',
    'true',
    '[]',
    '{}',
  ),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
  fc.json({ maxDepth: 2 }),
);
const fields = fc
  .dictionary(
    fc.constantFrom(
      'title',
      'hostName',
      'pcode2',
      'eventId',
      'hostId',
      'startTime',
      'confDuration',
      'attendeeCnt',
      'status',
      'isRecord',
      'dataCenter',
      '__proto__',
      'toString',
      '\\ud83d',
    ),
    value,
  )
  .map(
    (record) =>
      `{${Object.entries(record)
        .map(([name, one]) => `"${name}":${one}`)
        .join(',')}}`,
  );
const json = fc
  .record({
    status: fc.oneof({ weight: 9, arbitrary: fc.constant('0') }, fc.constantFrom('7', '-0', '"0"', '1e20')),
    result: fc.oneof({ weight: 5, arbitrary: fields }, value),
    msg: value,
    id: text,
    timestamp: value,
  })
  .map(
    ({ status, result, msg, id, timestamp }) =>
      `{"status":${status},"result":${result},"msg":${msg},"request_id":${id},"timestamp":${timestamp}}`,
  );
/** The charset that the header names, and the encoding of the text. Mostly, they agree. */
const writing = fc.constantFrom<readonly [charset: string, encoding: BufferEncoding]>(
  ...Array.from({ length: 8 }, () => ['', 'utf8'] as const),
  [';charset=utf-8', 'utf8'],
  [';charset=utf-16', 'utf16le'],
  [';charset=latin1', 'latin1'],
  [';charset=GBK', 'latin1'],
  [';charset=gb18030', 'utf8'],
  [';charset=Big5', 'utf8'],
  ['', 'utf16le'],
);
/** A text as bytes, with a few extra bytes at some place. */
const framed = fc
  .record({
    json,
    writing,
    status: fc.constantFrom(200, 200, 200, 200, 200, 200, 400, 429),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    put: fc.oneof({ weight: 9, arbitrary: fc.constant(new Uint8Array()) }, fc.uint8Array({ maxLength: 3 })),
  })
  .map(({ json, writing: [charset, encoding], status, at, put }) => {
    const bytes = Buffer.from(json, encoding);
    const cut = Math.floor(at * bytes.length);
    const head = `HTTP/1.1 ${status} X\r\ncontent-type: application/json${charset}\r\ncontent-length: ${bytes.length + put.length}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), bytes.subarray(0, cut), put, bytes.subarray(cut)]);
  });
const unframed = fc.uint8Array({ minLength: 9, maxLength: 60 }).map((bytes) => Buffer.from(bytes));
const answer = fc.oneof({ weight: 20, arbitrary: framed }, { weight: 1, arbitrary: unframed });

/** Reads JSON as strict readers do: UTF-8 without a byte order mark, only whole characters, and each name once. */
function readStrictly(bytes: Uint8Array): unknown {
  const source = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  const read: unknown = JSON.parse(source, (name: string, inner: unknown) => {
    if (!name.isWellFormed() || (typeof inner === 'string' && !inner.isWellFormed()))
      throw new Error(`half a character: ${source}`);
    return inner;
  });
  // A name that occurs twice, or unusual notation, would not be written again.
  expect(JSON.stringify(read)).toBe(source);
  return read;
}

it('whatever bytes the upstream sends, the answer and its events are JSON that a strict parser accepts', async () => {
  let bytes = Buffer.alloc(0);
  await using upstream = await startFaultServer(() => send(bytes));
  await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url, UPSTREAM_TIMEOUT_MS: '100' });
  let served = 0;
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(answer, async (generated) => {
      bytes = generated;
      const response = await fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', token: 'test-token' },
        body: JSON.stringify({ query }),
      });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/^application\/(?:graphql-response\+)?json/);
      const read = readStrictly(await response.bytes());
      expect(read).toHaveProperty('data');
      if (Object(Object(read).data).a === null) refused += 1;
      else served += 1;
    }),
    { numRuns: 600 },
  );
  // Both served and refused answers must have occurred.
  expect(served).toBeGreaterThan(100);
  expect(refused).toBeGreaterThan(100);
  for (const event of gateway.events) readStrictly(Buffer.from(JSON.stringify(event)));
  expect(gateway.events.filter(({ event }) => event === 'defect')).toEqual([]);
});
