import { describe, expect, it } from 'vitest';
import { codesOf, startTestGateway } from '../support/gateway.ts';
import { startTestUpstream, text } from '../support/upstream.ts';

/** What a client gets for this envelope, and which drift is reported outside of the record. */
async function answered(envelope: string) {
  await using upstream = await startTestUpstream(text(envelope));
  await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url });
  const reply = await gateway.ask('{ conference(tempConferenceId: "1") { observedAt } }');
  return {
    data: reply.data,
    codes: codesOf(reply),
    messages: reply.errors.map(({ message }) => message),
    drift: gateway.events.flatMap((event) =>
      event.event === 'driftSeen' && event.kind !== 'gone' ? [`${event.kind} ${event.field}`] : [],
    ),
  };
}

describe('the result of a successful answer', () => {
  it.each([
    { result: 'null', drift: [] },
    { result: '[]', drift: ['other-type result'] },
    { result: '{}', drift: ['other-type result'] },
    { result: '""', drift: ['other-type result'] },
    { result: 'false', drift: ['other-type result'] },
  ])('of $result is not a record, with the drift $drift', async ({ result, drift }) => {
    expect(await answered(`{"status":0,"result":${result}}`)).toMatchObject({
      data: { conference: null },
      codes: [],
      drift,
    });
  });

  it.each(['[{}]', '[null]', '" "', 'true', '0'])('of %s is not an answer', async (result) => {
    expect((await answered(`{"status":0,"result":${result}}`)).codes).toEqual(['UPSTREAM_INVALID_RESPONSE']);
  });
});

describe("the envelope's timestamp", () => {
  const codes = ['UPSTREAM_INVALID_FIELD'];
  it.each<{ timestamp: string; observedAt: string | null; codes?: string[]; drift?: string[] }>([
    { timestamp: '1774514768581', observedAt: '2026-03-26T08:46:08.581Z' },
    { timestamp: '"1774514768581"', observedAt: '2026-03-26T08:46:08.581Z' },
    { timestamp: '0', observedAt: null },
    { timestamp: 'null', observedAt: null },
    { timestamp: '-62135596800000', observedAt: null, drift: ['impossible timestamp'] },
    { timestamp: '1715600000', observedAt: null, codes, drift: ['impossible timestamp'] },
    { timestamp: '"today"', observedAt: null, codes, drift: ['other-type timestamp'] },
  ])(
    '$timestamp is $observedAt $codes, with the drift $drift',
    async ({ timestamp, observedAt, codes = [], drift = [] }) => {
      const envelope = `{"status":0,"timestamp":${timestamp},"result":{"tempConferenceId":"1"}}`;
      expect(await answered(envelope)).toMatchObject({ data: { conference: { observedAt } }, codes, drift });
    },
  );
});

describe('a message that is not well-formed Unicode', () => {
  it('has U+FFFD in place of each half, and is drift', async () => {
    expect(await answered('{"status":7,"msg":"half a \\ud83d"}')).toMatchObject({
      codes: ['UPSTREAM_REJECTED'],
      messages: ['half a \ufffd'],
      drift: ['malformed msg'],
    });
  });
});
