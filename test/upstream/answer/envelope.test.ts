import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conferenceInfo } from '../../../src/domains/conference/endpoint.ts';
import { type RawAnswer, readAnswer } from '../../../src/upstream/answer/envelope.ts';

const example =
  '{"status":0,"result":{"tempConferenceId":"1","title":"会","hostId":9007199254740993},"msg":"ok"}';
const answerOf = (body: string | Uint8Array, rest: Partial<RawAnswer> = {}, id = '1') =>
  readAnswer(
    {
      httpStatus: 200,
      contentType: undefined,
      contentEncoding: undefined,
      body: typeof body === 'string' ? Buffer.from(body) : body,
      ...rest,
    },
    conferenceInfo,
    id,
    new Map([[7, 'not-found']]),
    () => undefined,
  );

/** Whether these bytes are a good answer about "1" by the contract. Written in another way than the code that it tests. */
function isGood(bytes: Uint8Array): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const { status, result } = JSON.parse(text);
    if (status !== 0) return false;
    if (['null', '[]', '""', 'false', '{}', undefined].includes(JSON.stringify(result))) return true;
    if (typeof result !== 'object' || Array.isArray(result)) return false;
    return [undefined, null, '1', 1].includes(result.tempConferenceId);
  } catch {
    return false;
  }
}

/** The example with a few bytes changed, removed, doubled or added. */
const nearlyGood = fc
  .array(
    fc.record({
      at: fc.nat({ max: Buffer.byteLength(example) }),
      removed: fc.nat({ max: 3 }),
      put: fc.oneof(
        fc.uint8Array({ maxLength: 3 }),
        fc
          .constantFrom('null', '"', '{', '[', ']', '0', '-', ',', '\\u', '\ufeff', '"__proto__":')
          .map((s) => Buffer.from(s)),
      ),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((edits) => {
    let bytes = Buffer.from(example);
    for (const { at, removed, put } of edits) {
      bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + removed)]);
    }
    return bytes;
  });

describe('the body of an answer', () => {
  it('is accepted if and only if the contract allows it, in 100,000 generated cases, and never throws', () => {
    let good = 0;
    fc.assert(
      fc.property(
        fc.oneof(
          { weight: 8, arbitrary: nearlyGood },
          { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) },
          {
            weight: 1,
            arbitrary: fc.json({ maxDepth: 3 }).map((text) => Buffer.from(`{"status":0,"result":${text}}`)),
          },
        ),
        (bytes) => {
          const { kind } = answerOf(bytes);
          if ((kind === 'answer') !== isGood(bytes))
            throw new Error(`${kind}: ${Buffer.from(bytes).toString('latin1')}`);
          if (kind === 'answer') good += 1;
        },
      ),
      { numRuns: 100_000 },
    );
    // Both good and bad answers must have occurred.
    expect(good).toBeGreaterThan(1000);
    expect(good).toBeLessThan(99_000);
  });

  it.each([
    { what: 'a million nested arrays', body: '['.repeat(1_000_000) + ']'.repeat(1_000_000) },
    { what: 'a million opened arrays', body: '['.repeat(1_000_000) },
    { what: 'two byte order marks before all', body: `\ufeff\ufeff${example}` },
    { what: 'half a character', body: Buffer.from(example).subarray(0, example.indexOf('会') + 1) },
    {
      what: 'a character in more bytes than it needs',
      body: Buffer.from('{"status":0,"msg":"\xc0\x80"}', 'latin1'),
    },
    { what: 'half a pair of UTF-16', body: Buffer.from('{"status":0,"msg":"\xed\xa0\x80"}', 'latin1') },
  ])('that is $what is invalid', ({ body }) => {
    expect(answerOf(body).kind).toBe('invalid-response');
  });

  it('is another record if it repeats the ID as a number that has lost digits', () => {
    const repeated = (digits: string, id: string) =>
      answerOf(`{"status":0,"result":{"tempConferenceId":${digits}}}`, {}, id);
    expect(repeated('9007199254740991', '9007199254740991').kind).toBe('answer');
    for (const digits of ['9007199254740992', '9007199254740993'])
      expect(repeated(digits, '9007199254740992')).toMatchObject({ reason: 'other-record' });
  });

  it('is read to the digit, however deep the arrays beside a long are nested', () => {
    const nested = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(answerOf(`{"status":0,"result":{"hostId":9007199254740993,"x":${nested}}}`)).toMatchObject({
      kind: 'answer',
      record: { hostId: '9007199254740993' },
    });
  });

  it('with `__proto__` keys changes no prototype and makes no envelope', () => {
    expect(answerOf('{"__proto__":{"status":0,"result":{"tempConferenceId":"1"}}}').kind).toBe(
      'invalid-response',
    );
    const answer = answerOf('{"status":0,"result":{"__proto__":{"polluted":1},"hostId":9007199254740993}}');
    expect(answer).toMatchObject({ kind: 'answer', record: { hostId: '9007199254740993' } });
    expect({}).not.toHaveProperty('polluted');
    if (answer.kind === 'answer') expect(Object.getPrototypeOf(answer.record)).toBe(Object.prototype);
  });
});

describe('an answer with a content encoding', () => {
  it.each([
    { contentEncoding: undefined, kind: 'answer' },
    { contentEncoding: 'identity', kind: 'answer' },
    { contentEncoding: 'Identity', kind: 'answer' },
    { contentEncoding: 'gzip', kind: 'invalid-response' },
    { contentEncoding: 'identity, gzip', kind: 'invalid-response' },
    { contentEncoding: '', kind: 'answer' },
    { contentEncoding: 'utf-8', kind: 'answer' },
  ])('of $contentEncoding is $kind, whatever body it has', ({ contentEncoding, kind }) => {
    expect(answerOf(example, { contentEncoding }).kind).toBe(kind);
  });
});

describe('the message of a refusal', () => {
  const messageOf = (msg: unknown) => {
    const outcome = answerOf(JSON.stringify({ status: 9, msg }));
    return outcome.kind === 'rejected' ? outcome.message : undefined;
  };

  it('is at most 300 well-formed characters on one line, whatever the upstream sends', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 700, size: 'max' }), (msg) => {
        const message = messageOf(msg) ?? '';
        expect(message.length).toBeLessThanOrEqual(300);
        expect(message.isWellFormed()).toBe(true);
        expect(message).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
      }),
    );
  });

  it.each([
    { msg: '不可查询', message: '不可查询' },
    { msg: 'two\r\nlines', message: 'two lines' },
    { msg: 'a\u2028b\u2029c', message: 'a b c' },
    { msg: '\u202egnorw', message: 'gnorw' },
    { msg: '\u0000\u001b[31m', message: '[31m' },
    { msg: 'half a \ud83d', message: 'half a \ufffd' },
    { msg: `${'a'.repeat(299)}😀`, message: 'a'.repeat(299) },
    { msg: 9, message: '' },
    { msg: null, message: '' },
    { msg: undefined, message: '' },
  ])('that is sent as $msg is "$message"', ({ msg, message }) => {
    expect(messageOf(msg)).toBe(message);
  });
});

describe("the upstream's own request ID", () => {
  it.each([
    { sent: '"rtsas-1.2_3"', kept: 'rtsas-1.2_3' },
    { sent: `"${'a'.repeat(128)}"`, kept: 'a'.repeat(128) },
    { sent: `"${'a'.repeat(129)}"`, kept: undefined },
    { sent: '"a b"', kept: undefined },
    { sent: '"a\\n"', kept: undefined },
    { sent: '""', kept: undefined },
    { sent: '1', kept: undefined },
  ])('that is sent as $sent is reported as $kept', ({ sent, kept }) => {
    const outcome = answerOf(`{"status":9,"request_id":${sent}}`);
    expect(outcome).toMatchObject({ kind: 'rejected' });
    expect('answered' in outcome && outcome.answered?.requestId).toBe(kept);
  });
});
