import { describe, expect, it } from 'vitest';
import { codesOf, startTestGateway } from '../support/gateway.ts';
import { startTestUpstream } from '../support/upstream.ts';

/** A good answer whose title has these bytes, given in hexadecimal. */
const titled = (hex: string) =>
  Buffer.concat([
    Buffer.from('{"status":0,"result":{"tempConferenceId":"1","title":"'),
    Buffer.from(hex, 'hex'),
    Buffer.from('"}}'),
  ]);
const byteOrderMark = Buffer.from('efbbbf', 'hex');
const utf16 = (text: string) => Buffer.from(text, 'utf16le');

/** For an answer with this body and these headers: what the client gets, which events are emitted, and which request was sent. */
async function answered(body: Buffer, headers: Readonly<Record<string, string | string[]>>) {
  await using upstream = await startTestUpstream(
    (_, response) => void response.writeHead(200, headers).end(body),
  );
  await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url });
  const reply = await gateway.ask('{ conference(tempConferenceId: "1") { title } }');
  return {
    title: Object(Object(reply.data).conference).title,
    codes: codesOf(reply),
    reasons: gateway.events.flatMap((event) => (event.event === 'upstreamCall' ? [event.reason] : [])),
    drift: gateway.events.flatMap((event) =>
      event.event === 'driftSeen' && event.kind !== 'gone' ? [`${event.kind} ${event.field}`] : [],
    ),
    asked: upstream.received.map(({ headers }) => headers['accept-encoding']),
  };
}

describe('the charset of an answer', () => {
  it.each([
    { contentType: 'application/json;charset=GBK', bytes: 'c2a3', title: '拢' },
    { contentType: 'application/json', bytes: 'c2a3', title: '£' },
    { contentType: 'application/json; charset=', bytes: 'c2a3', title: '£' },
    { contentType: 'application/json; charset=gb2312', bytes: 'b2fac6b7b7a2b2bcbbe1', title: '产品发布会' },
    { contentType: 'application/json; charset="gb18030"', bytes: '9534b2358139ee39bbe1', title: '𠮷㐀会' },
    { contentType: 'text/html; Charset = x-GBK ;', bytes: 'ae61c6b7b06c81d195fee946', title: '產品發佈會镕' },
    { contentType: 'application/json;charset=Big5', bytes: 'b2a3ab7eb56fa5acb77c', title: '產品發布會' },
    { contentType: 'application/json;charset=big5-hkscs', bytes: '9def', title: '嘅' },
    { contentType: 'application/json;charset=Shift_JIS', bytes: '89ef8b63', title: '会議' },
    { contentType: 'application/json;charset=euc-jp', bytes: 'b2f1b5c4', title: '会議' },
    { contentType: 'application/json;charset=euc-kr', bytes: 'c8b8c0c7', title: '회의' },
    { contentType: 'application/json;charset=ISO-8859-1', bytes: '636166e9', title: 'café' },
    { contentType: 'application/json;charset=windows-1252', bytes: '80', title: '€' },
    { contentType: 'application/json;charset=utf8', bytes: 'e4bc9a', title: '会' },
    { contentType: 'application/json;charset=UTF-8;charset=utf-8', bytes: 'e4bc9a', title: '会' },
    { contentType: 'charset=gbk', bytes: 'c2a3', title: '拢' },
  ])('by "$contentType" makes $bytes "$title"', async ({ contentType, bytes, title }) => {
    expect(await answered(titled(bytes), { 'content-type': contentType })).toMatchObject({
      title,
      codes: [],
      drift: [],
    });
  });

  it.each([
    { contentType: 'application/json', bytes: 'b2fa', what: 'none, and the bytes are no UTF-8' },
    { contentType: 'application/json;charset=utf-8', bytes: 'c3', what: 'half a character' },
    { contentType: 'application/json;charset=GBK', bytes: 'ff', what: 'a byte that is none of its own' },
    {
      contentType: 'application/json;charset=gb18030',
      bytes: '8130',
      what: 'half a character of four bytes',
    },
    { contentType: 'application/json;charset=Big5', bytes: 'ff', what: 'a byte that is none of its own' },
    { contentType: 'application/json;charset=GBQ', bytes: '', what: 'a label that nobody knows' },
    {
      contentType: 'application/json;charset=iso-2022-kr',
      bytes: '',
      what: 'a label that is known as unsafe',
    },
    { contentType: 'application/json;charset=gbk;charset=utf-8', bytes: '', what: 'two that differ' },
  ])('is never guessed; the answer is refused: $contentType ($what)', async ({ contentType, bytes }) => {
    expect(await answered(titled(bytes), { 'content-type': contentType })).toMatchObject({
      title: undefined,
      codes: ['UPSTREAM_INVALID_RESPONSE'],
      reasons: ['charset'],
    });
  });

  it.each([
    { charset: 'utf-16', order: 'low', body: utf16(String(titled('e4bc9a'))) },
    { charset: 'utf-16le', order: 'mark and low', body: utf16(`\ufeff${String(titled('e4bc9a'))}`) },
    { charset: 'utf-16be', order: 'high', body: utf16(String(titled('e4bc9a'))).swap16() },
    // The form that Java writes.
    { charset: 'UTF-16', order: 'mark and high', body: utf16(`\ufeff${String(titled('e4bc9a'))}`).swap16() },
  ])('can have two bytes per character ($charset, $order byte first)', async ({ charset, body }) => {
    const headers = { 'content-type': `application/json;charset=${charset}` };
    expect(await answered(body, headers)).toMatchObject({ title: '会', codes: [] });
  });

  it('is used for a refusal, too', async () => {
    const body = Buffer.concat([
      Buffer.from('{"status":7,"msg":"'),
      Buffer.from('b2bb', 'hex'),
      Buffer.from('"}'),
    ]);
    await using upstream = await startTestUpstream(
      (_, response) => void response.writeHead(200, { 'content-type': 'text/json;charset=GBK' }).end(body),
    );
    await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url });
    const { errors } = await gateway.ask('{ conference(tempConferenceId: "1") { title } }');
    expect(errors).toMatchObject([{ message: '不', extensions: { code: 'UPSTREAM_REJECTED' } }]);
  });

  it('is read between many unknown charsets', async () => {
    let asked = 0;
    await using upstream = await startTestUpstream((_, response) => {
      asked += 1;
      const charset = asked % 2 === 0 ? 'gbk' : `none-${asked}`;
      response.writeHead(200, { 'content-type': `application/json;charset=${charset}` }).end(titled('c2a3'));
    });
    await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url });
    for (let nth = 0; nth < 200; nth += 1) {
      const { data } = await gateway.ask('{ conference(tempConferenceId: "1") { title } }');
      expect(data).toEqual({ conference: nth % 2 === 0 ? null : { title: '拢' } });
    }
  });
});

describe('a byte order mark', () => {
  const json = titled('e4bc9a');
  it.each(['application/json', 'application/json;charset=utf-8'])(
    'is skipped if it comes once, and refused if it comes twice (%s)',
    async (contentType) => {
      const headers = { 'content-type': contentType };
      const one = Buffer.concat([byteOrderMark, json]);
      expect(await answered(one, headers)).toMatchObject({ title: '会', codes: [] });
      expect(await answered(Buffer.concat([byteOrderMark, one]), headers)).toMatchObject({
        codes: ['UPSTREAM_INVALID_RESPONSE'],
        reasons: ['not-json'],
      });
    },
  );

  it('is skipped in GB18030', async () => {
    const body = Buffer.concat([Buffer.from('84319533', 'hex'), titled('bbe1')]);
    const headers = { 'content-type': 'application/json;charset=gb18030' };
    expect(await answered(body, headers)).toMatchObject({ title: '会', codes: [] });
  });

  it('of UTF-8 does not override another charset in the headers', async () => {
    const body = Buffer.concat([byteOrderMark, json]);
    expect(await answered(body, { 'content-type': 'application/json;charset=gbk' })).toMatchObject({
      codes: ['UPSTREAM_INVALID_RESPONSE'],
    });
  });
});

describe('a content coding', () => {
  it('is not requested', async () => {
    expect((await answered(titled(''), {})).asked).toEqual(['identity']);
  });

  it.each([
    { coding: 'identity', drift: [] },
    { coding: 'Identity', drift: [] },
    { coding: '', drift: [] },
    { coding: 'none', drift: ['unknown-value content-encoding'] },
    { coding: 'UTF-8', drift: ['unknown-value content-encoding'] },
    { coding: 'utf8', drift: ['unknown-value content-encoding'] },
    { coding: 'GBK', drift: ['unknown-value content-encoding'] },
    { coding: 'iso-8859-1', drift: ['unknown-value content-encoding'] },
    { coding: 'hz-gb-2312', drift: ['unknown-value content-encoding'] },
    { coding: ['identity', 'UTF-8'], drift: ['unknown-value content-encoding'] },
  ])(
    '"$coding" counts as none, with the drift $drift, and does not change the charset',
    async ({ coding, drift }) => {
      const headers = { 'content-type': 'application/json', 'content-encoding': coding };
      expect(await answered(titled('e4bc9a'), headers)).toMatchObject({ title: '会', codes: [], drift });
    },
  );

  it.each(['gzip', 'br', 'deflate', 'x-gzip', 'zstd', 'identity, gzip', 'utf-8, gzip', 'aes128gcm', 'utf-9'])(
    '"%s" is refused',
    async (coding) => {
      expect(await answered(titled(''), { 'content-encoding': coding })).toMatchObject({
        codes: ['UPSTREAM_INVALID_RESPONSE'],
        reasons: ['encoding'],
      });
    },
  );
});
