import { buildSchema, GraphQLScalarType, parse } from 'graphql';
import { expect, describe, it } from 'vitest';
import { domains } from '../../../src/gateway/domains.ts';
import { handOver } from '../../../src/graphql/plans/hand-over.ts';
import { Plans } from '../../../src/graphql/plans/plans.ts';
import { leafWriter } from '../../../src/graphql/plans/write.ts';
import { participants } from '../../fixtures/participants/participants.ts';
import { codesOf, startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { scrape } from '../../support/metrics.ts';
import { record, startTestUpstream } from '../../support/upstream.ts';

const answersOf = async (gateway: TestGateway) =>
  (await scrape(gateway)).values.get('gateway_plan_answers_total');

describe('plans', () => {
  const limits = { maxBytes: 1e6, maxFields: 10_000 };
  const schema = buildSchema('type Query { a: Int }');
  schema.getQueryType()!.getFields()['a']!.resolve = () => 1;
  const nameOf = (count: number) => `query Q${count} { a }`;
  const keep = (plans: Plans, count: number) => plans.keep(nameOf(count), parse(nameOf(count)));

  it('are made only of documents that were kept as valid', () => {
    const plans = new Plans({ schema, limits, usesOf: () => [], now: () => 0 });
    expect(plans.find(nameOf(1), undefined)).toBeUndefined();
    keep(plans, 1);
    expect(plans.find(nameOf(1), undefined)).toBeDefined();
    expect(plans.find(nameOf(1), 'Other')).toBeUndefined();
  });

  it('of documents in use are not evicted by others', () => {
    const plans = new Plans({ schema, limits, usesOf: () => [], now: () => 0 });
    keep(plans, 0);
    for (let count = 1; count < 5000; count += 1) {
      expect(plans.find(nameOf(0), undefined)).toBeDefined();
      keep(plans, count);
    }
    expect(plans.find(nameOf(0), undefined)).toBeDefined();
    const kept = Array.from({ length: 5000 }, (_, count) => plans.find(nameOf(count), undefined)).filter(
      Boolean,
    );
    expect(kept.length).toBeLessThanOrEqual(256);
  });

  it('are evicted beyond a total length of their documents', () => {
    const plans = new Plans({ schema, limits, usesOf: () => [], now: () => 0 });
    const long = (count: number) => `${nameOf(count)} #${'x'.repeat(10_000)}`;
    for (let count = 0; count < 100; count += 1) plans.keep(long(count), parse(long(count)));
    const kept = Array.from({ length: 100 }, (_, count) => plans.find(long(count), undefined)).filter(
      Boolean,
    );
    expect(kept.length).toBeGreaterThan(1);
    expect(kept.length).toBeLessThanOrEqual(14);
  });

  it('are made of no document that is too long, which evicts none of the others', () => {
    const plans = new Plans({ schema, limits, usesOf: () => [], now: () => 0 });
    keep(plans, 0);
    const long = `${nameOf(1)} #${'x'.repeat(200_000)}`;
    plans.keep(long, parse(long));
    expect(plans.find(long, undefined)).toBeUndefined();
    expect(plans.find(nameOf(0), undefined)).toBeDefined();
  });

  it('never serve a failure as the text of a custom scalar', () => {
    const write = leafWriter(new GraphQLScalarType({ name: 'Any', serialize: String }));
    expect(write(1)).toBe('"1"');
    expect(() => write(new Error('secret'))).toThrow(handOver);
  });

  it('take at most a tenth of each second to make', () => {
    let nowMs = 0;
    // The clock moves 30 ms at each reading, so each plan seems to take that long.
    const plans = new Plans({ schema, limits, usesOf: () => [], now: () => (nowMs += 30) });
    for (let count = 0; count < 20; count += 1) keep(plans, count);
    const find = () =>
      Array.from({ length: 20 }, (_, count) => plans.find(nameOf(count), undefined)).filter(Boolean);
    const first = find().length;
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(20);
    nowMs += 1000;
    expect(find().length).toBeGreaterThan(first);
  });
});

describe('over HTTP, a document that was sent before', () => {
  const list = 'query ($ids: [ID!]!) { conferences(tempConferenceIds: $ids) { title } }';
  const idsOf = (count: number) => ({ ids: Array.from({ length: count }, (_, at) => String(at)) });

  it('is answered by a plan, and refused beyond each limit as the first time', async () => {
    await using upstream = await startTestUpstream(record({ title: 'x'.repeat(30_000) }));
    await using gateway = await startTestGateway({
      UPSTREAM_URL: upstream.url,
      METRICS_PORT: '0',
      MAX_ANSWER_BYTES: '1000000',
      MAX_UPSTREAM_CALLS: '50',
    });
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect((await gateway.ask(list, { variables: idsOf(10) })).errors).toEqual([]);
      expect(codesOf(await gateway.ask(list, { variables: idsOf(40) }))).toEqual(['ANSWER_TOO_LARGE']);
      expect(codesOf(await gateway.ask(list, { variables: idsOf(51) }))).toEqual(['TOO_MANY_UPSTREAM_CALLS']);
    }
    expect(await answersOf(gateway)).toBe(2);
  });

  it('is refused beyond MAX_ANSWER_BYTES by its bytes, not by its characters', async () => {
    // 600,000 characters, 1.8 MB.
    await using upstream = await startTestUpstream(record({ title: '会'.repeat(20_000) }));
    await using gateway = await startTestGateway({
      UPSTREAM_URL: upstream.url,
      MAX_ANSWER_BYTES: '1000000',
    });
    for (let attempt = 0; attempt < 3; attempt += 1)
      expect(codesOf(await gateway.ask(list, { variables: idsOf(30) }))).toEqual(['ANSWER_TOO_LARGE']);
  });

  it('is answered by a plan with up to 1,000 errors, and refused beyond', async () => {
    await using upstream = await startTestUpstream(record({ startTime: 'soon' }));
    await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url, METRICS_PORT: '0' });
    const failing = (fields: number) =>
      `query ($ids: [ID!]!) { conferences(tempConferenceIds: $ids) {
        ${Array.from({ length: fields }, (_, at) => `a${at}: startTime`).join(' ')}
      } }`;
    const ids = Array.from({ length: 25 }, () => '1');
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const { errors } = await gateway.ask(failing(40), { variables: { ids } });
      expect(new Set(errors.map(({ path }) => path?.join('.'))).size).toBe(1000);
      expect(codesOf(await gateway.ask(failing(41), { variables: { ids } }))).toEqual(['ANSWER_TOO_LARGE']);
    }
    expect(await answersOf(gateway)).toBe(2);
  });

  it('is refused a number that has lost its last digits', async () => {
    await using upstream = await startTestUpstream(record());
    await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url });
    const one = 'query ($id: ID!) { conference(tempConferenceId: $id) { title } }';
    for (let attempt = 0; attempt < 3; attempt += 1)
      expect(codesOf(await gateway.ask(one, { variables: { id: '1' } }))).toEqual([]);
    expect(codesOf(await gateway.ask(one, { variables: { id: 2 ** 53 } }))).toEqual(['BAD_USER_INPUT']);
    expect(upstream.received.map(({ id }) => id)).toEqual(['1', '1', '1']);
  });

  it('is answered by a plan with the lists that the upstream sends', async () => {
    const people = Array.from({ length: 100 }, () => ({ nickname: 'Ann' }));
    await using upstream = await startTestUpstream(record({ participants: people }));
    await using gateway = await startTestGateway(
      { UPSTREAM_URL: upstream.url, METRICS_PORT: '0' },
      { domains: [...domains, participants] },
    );
    const query = '{ participants(tempConferenceId: "1") { participants { name } } }';
    for (let attempt = 0; attempt < 3; attempt += 1) expect(codesOf(await gateway.ask(query))).toEqual([]);
    expect(await answersOf(gateway)).toBe(2);
  });

  it('is not answered by a plan if an entity names another type than its representation', async () => {
    // @apollo/subgraph copies such an object, and the copy has no getters.
    class Other {
      readonly __typename = 'Conference';
      readonly tempConferenceId = '9';
      get participants() {
        return [];
      }
    }
    const resolvers = {
      ...participants.resolvers,
      ConferenceParticipants: { __resolveReference: () => new Other() },
    };
    await using gateway = await startTestGateway(
      { METRICS_PORT: '0' },
      { domains: [...domains, { ...participants, resolvers }] },
    );
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) {
      ... on ConferenceParticipants { tempConferenceId participants { name } }
    } }`;
    const of = [{ __typename: 'ConferenceParticipants', tempConferenceId: '1' }];
    for (let attempt = 0; attempt < 3; attempt += 1)
      expect((await gateway.ask(query, { variables: { of } })).data).toEqual({
        _entities: [{ tempConferenceId: '9', participants: null }],
      });
    expect(await answersOf(gateway)).toBe(0);
  });

  it('is not answered by a plan if a type checks its objects by isTypeOf', async () => {
    const resolvers = { ...participants.resolvers, ConferenceParticipants: { __isTypeOf: () => false } };
    await using gateway = await startTestGateway(
      { METRICS_PORT: '0' },
      { domains: [...domains, { ...participants, resolvers }] },
    );
    const query = '{ participants(tempConferenceId: "56039682") { tempConferenceId } }';
    for (let attempt = 0; attempt < 3; attempt += 1)
      expect(codesOf(await gateway.ask(query))).toEqual(['INTERNAL_SERVER_ERROR']);
    expect(await answersOf(gateway)).toBe(0);
  });

  it('is refused before the first call, also with another field beside the large one', async () => {
    await using upstream = await startTestUpstream(record());
    await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url, MAX_UPSTREAM_CALLS: '10' });
    const both = `query ($id: ID!, $ids: [ID!]!) {
      conference(tempConferenceId: $id) { title } conferences(tempConferenceIds: $ids) { title }
    }`;
    await gateway.ask(both, { variables: { id: 'x', ids: [] } });
    await gateway.ask(both, { variables: { id: 'x', ids: [] } });
    const calls = upstream.received.length;
    const many = { id: 'y', ids: Array.from({ length: 1000 }, () => 'z') };
    for (let attempt = 0; attempt < 3; attempt += 1)
      expect(codesOf(await gateway.ask(both, { variables: many }))).toEqual(['ANSWER_TOO_LARGE']);
    expect(upstream.received.length).toBe(calls);
  });

  it('is never answered by a plan if there is a foreign plugin', async () => {
    await using upstream = await startTestUpstream(record());
    let executions = 0;
    const plugin = { onExecute: () => void (executions += 1) };
    await using gateway = await startTestGateway(
      { UPSTREAM_URL: upstream.url, METRICS_PORT: '0' },
      { plugins: [plugin] },
    );
    for (let attempt = 0; attempt < 3; attempt += 1) await gateway.ask(list, { variables: idsOf(1) });
    expect(executions).toBe(3);
    expect(await answersOf(gateway)).toBe(0);
  });
});
