import { describe, expect, it, vi } from 'vitest';
import { ConferenceView } from '../../../src/domains/conference/view.ts';
import { Operation } from '../../../src/graphql/operation.ts';
import { refuse } from '../../../src/graphql/plans/hand-over.ts';
import { answerRootField } from '../../../src/graphql/plans/root-field.ts';
import { Answer } from '../../../src/upstream/answer/answer.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { scrape } from '../../support/metrics.ts';
import { record, type Respond, startTestUpstream } from '../../support/upstream.ts';

const documents = [
  'query A($id: ID!) { conference(tempConferenceId: $id) { title status } }',
  'query B($id: ID!) { conference(tempConferenceId: $id) { status a: title counters { attendees } } }',
  'query C($id: ID!) { conference(tempConferenceId: $id) { startTime title } }',
  'query D($id: ID!, $all: Boolean!) { conference(tempConferenceId: $id) { title host @include(if: $all) { name } } }',
  'query E($id: ID!) { one: conference(tempConferenceId: $id) { title } two: conference(tempConferenceId: $id) { title status } }',
];
const asked = documents.flatMap((query) =>
  ['ann', 'bob'].flatMap((token) => [true, false].map((all) => ({ query, token, all }))),
);

/** Resolves once so many requests were read, and have joined a call. */
async function allWait(gateway: TestGateway, requests: number): Promise<void> {
  const underWay = async () => (await scrape(gateway)).values.get('gateway_requests_under_way');
  await expect.poll(underWay).toBe(requests);
  // The last of them counts from its headers on. It has joined before another request has come and gone.
  await scrape(gateway);
}

describe('requests that share a call', () => {
  it('get the answers that each of them would get alone', async () => {
    let held: (() => void)[] | undefined;
    const respond: Respond = ({ token, id }, response) => {
      // `startTime` cannot be read: its field is an error, in one of the documents.
      const result = {
        tempConferenceId: id,
        title: `${token} 会`,
        status: 2,
        startTime: 'soon',
        attendeeCnt: 3,
      };
      const answer = () => void response.end(JSON.stringify({ status: 0, msg: 'success', result }));
      response.setHeader('content-type', 'application/json');
      if (held) held.push(answer);
      else answer();
    };
    await using upstream = await startTestUpstream(respond);
    await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url, METRICS_PORT: '0' });
    const ask = async ({ query, token, all }: (typeof asked)[number]) => {
      const { data, errors } = await gateway.ask(query, { token, variables: { id: '1', all } });
      return { data, errors };
    };
    const alone = [];
    // A plan is made at the second request.
    for (const one of [...asked, ...asked]) alone.push(await ask(one));
    const calls = upstream.received.length;

    held = [];
    const together = [...asked, ...asked].map(ask);
    await allWait(gateway, together.length);
    const waiting = held;
    held = undefined;
    for (const answer of waiting) answer();

    expect(await Promise.all(together)).toEqual(alone);
    // One call for each of the two callers.
    expect(upstream.received.length - calls).toBe(2);
  });
});

describe('equal requests that share a call', () => {
  it('are decoded and written once for each document', async () => {
    const title = vi.spyOn(ConferenceView.prototype, 'title', 'get');
    const held: (() => void)[] = [];
    await using upstream = await startTestUpstream((received, response) => {
      held.push(() => record({ title: 'Launch' })(received, response));
    });
    await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url, METRICS_PORT: '0' });
    const ask = (nth: number) => gateway.ask(documents[nth % 2] ?? '', { variables: { id: '1' } });
    const answerOne = async () => {
      await expect.poll(() => held.length).toBe(1);
      held.pop()?.();
    };
    const answered = async () => (await scrape(gateway)).values.get('gateway_plan_answers_total') ?? 0;
    for (const alone of [0, 1, 2, 3]) {
      const asking = ask(alone);
      await answerOne();
      expect(await asking, `answer ${alone}`).toMatchObject({ data: { conference: { status: 'UNKNOWN' } } });
    }
    title.mockClear();
    const planned = await answered();
    const asking = Array.from({ length: 20 }, (_, nth) => ask(nth));
    await allWait(gateway, asking.length);
    await answerOne();
    for (const reply of await Promise.all(asking))
      expect(reply).toMatchObject({ data: { conference: { status: 'UNKNOWN' } } });
    expect(await answered()).toBe(planned + asking.length);
    expect(title).toHaveBeenCalledTimes(2);
    title.mockRestore();
  });
});

describe('the view of a call that requests share', () => {
  it('is one object for all of them', () => {
    const answer = new Answer('1', { title: 'Launch' }, 0, {});
    const view = answer.viewAs(ConferenceView);
    expect(view).toMatchObject({ tempConferenceId: '1', title: 'Launch' });
    expect(answer.viewAs(ConferenceView)).toBe(view);
    expect(new Answer('1', null, 0, {}).viewAs(ConferenceView)).toBeNull();
  });

  it('is written once by each plan', () => {
    const view = new Answer('1', {}, 0, {}).viewAs(ConferenceView);
    let writes = 0;
    const createPlan = (name: string) =>
      answerRootField(
        () => view,
        () => `${name}${(writes += 1)}`,
        { begin: () => undefined, end: (text) => text },
      );
    const caller = { call: () => Promise.reject(new Error('nothing is called here')) };
    const request = {
      requestId: '1',
      signal: new AbortController().signal,
      traceparent: undefined,
      trace: undefined,
    };
    const context = { operation: new Operation(caller, request, { maxCalls: 1, maxBytes: 1, maxFields: 1 }) };
    const [one, other] = [createPlan('one'), createPlan('other')];
    const texts = [one, one, other, other, one].map((answer) => answer({}, context));
    expect(texts).toEqual(['one1', 'one1', 'other2', 'other2', 'one1']);
  });

  it('keeps no long text, and not many texts', () => {
    const view = new Answer('1', {}, 0, {}).viewAs(ConferenceView);
    let writes = 0;
    const writeLong = () => `${(writes += 1)}${'x'.repeat(16_384)}`;
    expect(view?.writtenBy(writeLong)).toMatch(/^1x+$/);
    expect(view?.writtenBy(writeLong)).toMatch(/^2x+$/);
    const short = Array.from({ length: 100 }, (_, nth) => vi.fn(() => `${nth}`));
    for (const [nth, write] of [...short, ...short].entries())
      expect(view?.writtenBy(write)).toBe(`${nth % short.length}`);
    const kept = short.filter(({ mock }) => mock.calls.length === 1);
    expect(kept).toEqual(short.slice(0, kept.length));
    expect(kept.length).toBeGreaterThan(3);
    expect(kept.length).toBeLessThan(17);
  });

  it('keeps nothing of a plan that had to hand over', () => {
    const view = new Answer('1', {}, 0, {}).viewAs(ConferenceView);
    const outcomes = [refuse, () => 'good', refuse];
    const write = () => outcomes.shift()?.() ?? 'too often';
    expect(view?.writtenBy(() => 'other')).toBe('other');
    expect(() => view?.writtenBy(write)).toThrow();
    expect(view?.writtenBy(write)).toBe('good');
    expect(view?.writtenBy(write)).toBe('good');
  });
});
