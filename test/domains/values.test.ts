import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { codesOf, startTestGateway } from '../support/gateway.ts';
import { startTestUpstream, text } from '../support/upstream.ts';

const example = readFileSync(new URL('../fixtures/conference-56039682.json', import.meta.url), 'utf8');

/** Puts this JSON into one field of the contract's example. Returns the served value, and the reported drift. */
async function serve(field: string, json: string, selection: string) {
  const answer = example.replace(new RegExp(`(    "${field}": )[^,\n]*`), `$1${json}`);
  expect(answer).toContain(`    "${field}": ${json}`);
  await using upstream = await startTestUpstream(text(answer));
  await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url });
  const reply = await gateway.ask(`{ conference(tempConferenceId: "56039682") { ${selection} } }`);
  return {
    data: reply.data,
    codes: codesOf(reply),
    drift: gateway.events.flatMap((event) =>
      event.event === 'driftSeen' ? [`${event.kind} ${event.field}`] : [],
    ),
  };
}

describe('a moment', () => {
  const codes = ['UPSTREAM_INVALID_FIELD'];
  it.each<{ json: string; startTime: string | null; codes?: string[]; drift?: string }>([
    { json: '0', startTime: null },
    { json: 'null', startTime: null },
    { json: '946684800', startTime: '2000-01-01T00:00:00Z' },
    { json: '"1715600000"', startTime: '2024-05-13T11:33:20Z' },
    { json: '-1', startTime: null, drift: 'impossible' },
    { json: '"-1"', startTime: null, drift: 'impossible' },
    { json: '-62135596800', startTime: null, drift: 'impossible' },
    { json: '-9007199254740993', startTime: null, drift: 'impossible' },
    { json: '-9999999999999999999999', startTime: null, drift: 'impossible' },
    { json: '-1e400', startTime: null, drift: 'impossible' },
    { json: '1', startTime: null, codes, drift: 'impossible' },
    { json: '946684799', startTime: null, codes, drift: 'impossible' },
    { json: '1715600000000', startTime: null, codes, drift: 'impossible' },
    { json: '253402300800', startTime: null, codes, drift: 'impossible' },
    { json: '1715600000.5', startTime: null, codes, drift: 'other-type' },
    { json: '-0.5', startTime: null, codes, drift: 'other-type' },
    { json: '"2024-05-13"', startTime: null, codes, drift: 'other-type' },
  ])(
    'that came as $json is $startTime $codes, with drift $drift',
    async ({ json, startTime, codes = [], drift }) => {
      const served = await serve('startTime', json, 'startTime');
      expect(served).toMatchObject({ data: { conference: { startTime } }, codes });
      expect(served.drift.filter((one) => one.endsWith('startTime'))).toEqual(
        drift === undefined ? [] : [`${drift} startTime`],
      );
    },
  );
});

describe.each(['-1', '-2147483649', '-9223372036854775809', '-1e30', '-1e400'])(
  'a whole number below 0 (%s)',
  (json) => {
    it.each([
      { field: 'confDuration', selection: 'durationSeconds', served: { durationSeconds: null } },
      {
        field: 'attendeeCnt',
        selection: 'counters { attendees }',
        served: { counters: { attendees: null } },
      },
      {
        field: 'rawPstnCnt',
        selection: 'counters { rawPstnAttendees }',
        served: { counters: { rawPstnAttendees: null } },
      },
      { field: 'hostId', selection: 'host { user { id } }', served: { host: { user: null } } },
      {
        field: 'hostOrgId',
        selection: 'host { organization { id } }',
        served: { host: { organization: null } },
      },
    ])('is null as $field, and drift', async ({ field, selection, served }) => {
      expect(await serve(field, json, selection)).toEqual({
        data: { conference: served },
        codes: [],
        drift: [`impossible ${field}`],
      });
    });
  },
);

it.each([
  { field: 'eventId', json: '-9223372036854775808', served: { eventId: '-9223372036854775808' } },
  { field: 'status', json: '-7', served: { statusCode: -7 } },
  { field: 'status', json: '"2"', served: { status: 'UNKNOWN' } },
  { field: 'status', json: 'true', served: { status: 'UNKNOWN' } },
])('$field $json is served as the schema says, without an error', async ({ field, json, served }) => {
  expect(await serve(field, json, Object.keys(served).join(' '))).toMatchObject({
    data: { conference: served },
    codes: [],
  });
});

describe('a text that is not well-formed Unicode', () => {
  it.each([
    { json: '"half a \\ud83d"', title: 'half a \ufffd' },
    { json: '"\\uDE00 the other half"', title: '\ufffd the other half' },
    { json: '"\\ude00\\ud83d"', title: '\ufffd\ufffd' },
  ])('($json) has U+FFFD in the place of each half, and is drift', async ({ json, title }) => {
    expect(await serve('title', json, 'title')).toEqual({
      data: { conference: { title } },
      codes: [],
      drift: ['malformed title'],
    });
  });

  it('is not what holds whole pairs', async () => {
    expect(await serve('title', '"\\ud83d\\ude00😀"', 'title')).toEqual({
      data: { conference: { title: '😀😀' } },
      codes: [],
      drift: [],
    });
  });
});
