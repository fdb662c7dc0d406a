import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { domains } from '../../src/gateway/domains.ts';
import { readConfig } from '../../src/settings/config.ts';
import { agingDomain } from '../fixtures/aging/aging.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { watch } from '../support/event-stream.ts';
import { metricsUrl, scrape } from '../support/metrics.ts';

const start = (env: Readonly<Record<string, string>> = {}) =>
  startTestGateway({ METRICS_PORT: '0', ...env }, { domains: [...domains, agingDomain] });

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await start({ CLIENTS: 'admin,mobile' });
});
afterAll(() => gateway.close());

const metricsOf = async (of: TestGateway) => (await fetch(metricsUrl(of))).text();

/** Sends a request and returns its event. */
async function lineOf(query: string, headers: Readonly<Record<string, string>> = {}, of = gateway) {
  const { headers: answered } = await of.ask(query, { headers });
  const requestId = answered.get('x-request-id');
  const find = () => of.events.find((event) => event.event === 'request' && event.requestId === requestId);
  await expect.poll(find).toBeDefined();
  const line = find();
  if (line?.event !== 'request') throw new Error('no line');
  return line;
}

describe('a client', () => {
  it.each([
    { headers: { 'apollographql-client-name': 'admin' }, client: 'admin' },
    { headers: { 'graphql-client-name': 'mobile' }, client: 'mobile' },
    { headers: { 'x-graphql-client-name': 'mobile' }, client: 'mobile' },
    {
      headers: { 'x-graphql-client-name': 'mobile', 'apollographql-client-name': 'admin' },
      client: 'admin',
    },
    { headers: { 'x-graphql-client-name': 'mobile', 'graphql-client-name': 'admin' }, client: 'admin' },
    { headers: { 'apollographql-client-name': 'Admin' }, client: 'other' },
    { headers: { 'apollographql-client-name': '__proto__' }, client: 'other' },
    { headers: {}, client: 'other' },
  ])('that sends $headers is named $client', async ({ headers, client }) => {
    expect((await lineOf('{ __typename }', headers)).client).toBe(client);
  });

  it('is a label of metrics, together with the outcome', async () => {
    await lineOf('{ __typename }', { 'apollographql-client-name': 'mobile' });
    await lineOf('{ nothing }', { 'apollographql-client-name': 'mobile' });
    const metrics = await metricsOf(gateway);
    expect(metrics).toMatch(/^gateway_client_requests_total\{client="mobile",outcome="ok"\} [1-9]/m);
    expect(metrics).toContain(
      'gateway_client_requests_total{client="mobile",outcome="GRAPHQL_VALIDATION_FAILED"} 1',
    );
  });

  it('is counted once for a stream, by what its first event says', async () => {
    await using fresh = await start({ CLIENTS: 'mobile' });
    const watchAs = (token: string) =>
      watch(fresh.url, 'subscription { conference(tempConferenceId: "56039682") { title } }', {
        token,
        headers: { 'apollographql-client-name': 'mobile' },
      });
    await using good = await watchAs('good');
    await using bad = await watchAs('expired-token');
    await bad.end();
    good.leave();
    await expect.poll(() => fresh.events.filter(({ event }) => event === 'streamEnded')).toHaveLength(2);
    const { values } = await scrape(fresh);
    const counted = [...values].filter(([series]) => series.startsWith('gateway_client_requests_total'));
    expect(Object.fromEntries(counted)).toEqual({
      'gateway_client_requests_total{client="mobile",outcome="ok"}': 1,
      'gateway_client_requests_total{client="mobile",outcome="UNAUTHENTICATED"}': 1,
    });
  });

  it('is in no event and no metric if CLIENTS is empty', async () => {
    await using plain = await start();
    const { client } = await lineOf('{ __typename }', { 'apollographql-client-name': 'admin' }, plain);
    expect(client).toBeUndefined();
    expect(await metricsOf(plain)).not.toContain('gateway_client_requests_total{');
  });

  it.each(['a b', 'ä', ',a', 'x'.repeat(65)])('cannot be named %j in CLIENTS', (CLIENTS) => {
    expect(readConfig({ CLIENTS })).toHaveProperty('mistakes');
  });
});

describe('a use of a deprecated element of the schema', () => {
  it.each([
    { of: 'a field', query: '{ aging { old } }', uses: ['Aging.old'] },
    { of: 'a field by alias, twice', query: '{ aging { a: old b: old } }', uses: ['Aging.old'] },
    {
      of: 'a field in fragments of fragments',
      query: '{ aging { ...A } } fragment A on Aging { ... { ...B } } fragment B on Aging { old }',
      uses: ['Aging.old'],
    },
    {
      of: 'an argument',
      query: '{ aging { again(loud: true) { young } } }',
      uses: ['Aging.again(loud:)'],
    },
    { of: 'an enum value', query: '{ aging { again(as: NUMBER) { young } } }', uses: ['Label.NUMBER'] },
    {
      of: 'an input field, and an enum value in it',
      query: '{ aging { again(in: { at: NUMBER, from: "here" }) { old } } }',
      uses: ['Aging.old', 'Label.NUMBER', 'Look.from'],
    },
    {
      of: 'an enum value that a variable has by default',
      query: 'query ($as: Label = NUMBER) { aging { again(as: $as) { young } } }',
      uses: ['Label.NUMBER'],
    },
    { of: 'nothing', query: '{ aging { young again(as: TITLE) { young } } }', uses: undefined },
  ])('is in the event of the operation that uses $of', async ({ query, uses }) => {
    expect((await lineOf(query)).deprecatedUses).toEqual(uses);
  });

  it('counts only if it is in the operation that is executed, not in another of the document', async () => {
    const query = 'query A { aging { young } } query B { aging { old } }';
    const usesOf = async (operationName: string) => {
      const before = gateway.events.length;
      await gateway.ask(query, { operationName });
      const line = () => gateway.events.slice(before).find(({ event }) => event === 'request');
      await expect.poll(line).toBeDefined();
      return line();
    };
    expect(await usesOf('A')).toMatchObject({ deprecatedUses: undefined });
    expect(await usesOf('B')).toMatchObject({ deprecatedUses: ['Aging.old'] });
  });

  it('is not counted if nothing was executed', async () => {
    expect((await lineOf('{ aging { old nothing } }')).deprecatedUses).toBeUndefined();
  });

  it('is counted each time, by its coordinate and client', async () => {
    await using fresh = await start({ CLIENTS: 'mobile' });
    for (const client of ['mobile', 'mobile', 'else'])
      await lineOf('{ aging { old } }', { 'apollographql-client-name': client }, fresh);
    const metrics = await metricsOf(fresh);
    expect(metrics).toContain('gateway_deprecated_uses_total{coordinate="Aging.old",client="mobile"} 2');
    expect(metrics).toContain('gateway_deprecated_uses_total{coordinate="Aging.old",client="other"} 1');
  });
});
