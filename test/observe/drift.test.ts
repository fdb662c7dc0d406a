import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { GatewayEvent } from '../../src/observe/events.ts';
import { startTestGateway } from '../support/gateway.ts';
import { startTestUpstream, text } from '../support/upstream.ts';

const example = readFileSync(new URL('../fixtures/conference-56039682.json', import.meta.url), 'utf8');

/** The contract's own example with these values in its record; `undefined` removes a field. */
function answerWith(fields: Readonly<Record<string, unknown>>): string {
  const { result, ...envelope }: { result: Record<string, unknown> } = JSON.parse(example);
  return JSON.stringify({ ...envelope, result: { ...result, ...fields } });
}

/** The drift that a gateway reports while the upstream gives these answers, one after the other. */
async function watch(...answers: readonly string[]) {
  let asked = 0;
  await using upstream = await startTestUpstream((received, response) =>
    text(answers[asked++] ?? '')(received, response),
  );
  await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url });
  const replies = [];
  for (const _ of answers)
    replies.push(await gateway.ask('{ conference(tempConferenceId: "56039682") { title } }'));
  const of = <Name extends GatewayEvent['event']>(name: Name) =>
    gateway.events.filter((event): event is Extract<GatewayEvent, { event: Name }> => event.event === name);
  return { replies, told: of('drift'), seen: of('driftSeen') };
}

describe('the drift watch', () => {
  it("reports nothing for the contract's own example", async () => {
    const { told, seen } = await watch(example);
    expect([...told, ...seen]).toEqual([]);
  });

  it('reports nothing for a field that is null', async () => {
    const { told } = await watch(
      answerWith({ hostIp: null, stopTime: null, isRecord: null, attendeeCnt: null }),
    );
    expect(told).toEqual([]);
  });

  it.each<{ what: string; fields: Readonly<Record<string, unknown>>; kind: string; field: string }>([
    {
      what: 'a status that the contract does not list',
      fields: { status: 9 },
      kind: 'unknown-value',
      field: 'status',
    },
    { what: 'a field that is new', fields: { roomCnt: 3 }, kind: 'new', field: 'roomCnt' },
    { what: 'a new field of a name that is none', fields: { 'a\nb': 3 }, kind: 'new', field: '(no name)' },
    { what: 'a new field named by a number', fields: { 13912345678: 3 }, kind: 'new', field: '(no name)' },
    {
      what: 'a new field of a very long name',
      fields: { ['x'.repeat(65)]: 3 },
      kind: 'new',
      field: '(no name)',
    },
    {
      what: 'a new field of a name that objects have',
      fields: { constructor: 3 },
      kind: 'new',
      field: 'constructor',
    },
    { what: 'a field that is gone', fields: { voipCnt: undefined }, kind: 'gone', field: 'voipCnt' },
    { what: 'a number that is a text', fields: { voipCnt: '10' }, kind: 'other-type', field: 'voipCnt' },
    { what: 'a number beyond 32 bits', fields: { voipCnt: 2 ** 31 }, kind: 'other-type', field: 'voipCnt' },
    { what: 'a long that is a fraction', fields: { hostId: 1.5 }, kind: 'other-type', field: 'hostId' },
    { what: 'a text that is an object', fields: { title: { zh: '会' } }, kind: 'other-type', field: 'title' },
    { what: 'a flag that is a number', fields: { isRecord: 1 }, kind: 'other-type', field: 'isRecord' },
    {
      what: 'an end before the start',
      fields: { stopTime: 1715599999 },
      kind: 'contradiction',
      field: 'stopTime',
    },
  ])('reports $what once, without its value, and the rest is served', async ({ fields, kind, field }) => {
    const answer = answerWith(fields);
    const { replies, told, seen } = await watch(answer, answer);
    expect(told).toEqual([{ event: 'drift', endpoint: 'conference', kind, field }]);
    const counted = {
      event: 'driftSeen',
      endpoint: 'conference',
      kind,
      field: kind === 'new' ? undefined : field,
    };
    expect(seen).toEqual([counted, counted]);
    for (const { data } of replies) expect(data).toHaveProperty('conference');
  });

  it('accepts a long beyond 2^53', async () => {
    const { told } = await watch(example.replace('"hostId": 10001', '"hostId": 9223372036854775807'));
    expect(told).toEqual([]);
  });

  it('reports at most 32 new fields, and other drift after them', async () => {
    const invented = Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`field${at}`, at]));
    const { told, seen } = await watch(answerWith(invented), answerWith({ title: undefined }));
    expect(told.filter(({ kind }) => kind === 'new')).toHaveLength(32);
    expect(told.at(-1)).toMatchObject({ kind: 'gone', field: 'title' });
    expect(seen).toHaveLength(2);
  });
});
