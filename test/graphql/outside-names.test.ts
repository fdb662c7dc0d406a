import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/settings/config.ts';
import { codesOf, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { record, startTestUpstream, type TestUpstream } from '../support/upstream.ts';

let upstream: TestUpstream;
let gateway: TestGateway;
beforeAll(async () => {
  upstream = await startTestUpstream(record({ title: 'served' }));
  gateway = await startTestGateway({ UPSTREAM_URL: upstream.url });
});
afterAll(async () => {
  await gateway.close();
  await upstream[Symbol.asyncDispose]();
});

const inherited = Object.getOwnPropertyNames(Object.prototype);
const names = fc.constantFrom(...inherited);
// Names that begin with two underscores are reserved in GraphQL. graphql loses a variable with this name, so it is refused.
const variableNames = fc.constantFrom(...inherited.filter((name) => name !== '__proto__'));
const places = fc.integer({ min: 1, max: 3 });

describe('a name that every JavaScript object inherits', () => {
  it('is a variable like any other: with a value, with a default, and missing', async () => {
    await fc.assert(
      fc.asyncProperty(variableNames, places, async (name, count) => {
        const query = `query ($${name}: [ID!]! = ["1"]) { conferences(tempConferenceIds: $${name}) { title } }`;
        const variables = Object.fromEntries([[name, Array.from({ length: count }, () => '1')]]);
        const served = (length: number) => ({
          conferences: Array.from({ length }, () => ({ title: 'served' })),
        });
        expect((await gateway.ask(query, { variables })).data).toEqual(served(count));
        expect((await gateway.ask(query, { variables: {} })).data).toEqual(served(1));
        expect((await gateway.ask(query)).data).toEqual(served(1));
        const required = query.replace(' = ["1"]', '');
        expect(codesOf(await gateway.ask(required, { variables: {} }))).toEqual(['BAD_USER_INPUT']);
      }),
    );
  });

  it('is refused as a variable if graphql would lose its value', async () => {
    const query = 'query ($__proto__: ID! = "1") { conference(tempConferenceId: $__proto__) { title } }';
    for (const variables of [{}, JSON.parse('{"__proto__":"1"}')])
      expect(codesOf(await gateway.ask(query, { variables }))).toEqual(['BAD_USER_INPUT']);
    expect(gateway.events.filter(({ event }) => event === 'defect')).toEqual([]);
  });

  it('counts as a variable by its own value, not by the inherited one', async () => {
    await fc.assert(
      fc.asyncProperty(variableNames, async (name) => {
        const fields = Array.from({ length: 190 }, (_, at) => `a${at}: title`).join(' ');
        const ids = Array.from({ length: 100 }, () => '"1"').join(',');
        const query = `query ($${name}: [ID!]! = [${ids}]) { conferences(tempConferenceIds: $${name}) { ${fields} } }`;
        expect(codesOf(await gateway.ask(query, { variables: {} }))).toEqual(['ANSWER_TOO_LARGE']);
      }),
    );
  });

  it('is an alias, a fragment and an operation like any other', async () => {
    await fc.assert(
      fc.asyncProperty(names, names, async (name, other) => {
        const query = `query ${name} { ${other}: conference(tempConferenceId: "1") { ...${name} } } fragment ${name} on Conference { ${name}: title }`;
        const reply = await gateway.ask(query, { operationName: name });
        expect(codesOf(reply)).toEqual([]);
        expect(JSON.stringify(reply.data)).toBe(`{"${other}":{"${name}":"served"}}`);
        expect(codesOf(await gateway.ask(query.replace(name, 'Q'), { operationName: name }))).toEqual([
          'BAD_REQUEST',
        ]);
      }),
    );
  });

  it('is not a field, argument, type, directive or entity', async () => {
    await fc.assert(
      fc.asyncProperty(names, async (name) => {
        for (const query of [
          `{ ${name} }`,
          `{ conference(tempConferenceId: "1") { ${name} } }`,
          `{ conference(tempConferenceId: "1", ${name}: 1) { title } }`,
          `{ conference(tempConferenceId: "1") { ... on ${name} { title } } }`,
          `{ conference(tempConferenceId: "1") { title @${name} } }`,
        ]) {
          expect(codesOf(await gateway.ask(query))).toEqual(['GRAPHQL_VALIDATION_FAILED']);
        }
        const entities = '{ _entities(representations: [{ __typename: "NAME" }]) { __typename } }';
        expect(codesOf(await gateway.ask(entities.replace('NAME', name)))).toEqual(['BAD_USER_INPUT']);
      }),
    );
  });

  it('is an ID like any other, and a token like any other', async () => {
    await fc.assert(
      fc.asyncProperty(names, names, async (id, token) => {
        const query = 'query ($id: ID!) { conference(tempConferenceId: $id) { tempConferenceId title } }';
        const reply = await gateway.ask(query, { variables: { id }, token });
        expect(reply.data).toEqual({ conference: { tempConferenceId: id, title: 'served' } });
        expect(upstream.received.at(-1)).toMatchObject({ id, token });
      }),
    );
  });

  it('is not a value of a setting that takes words', () => {
    fc.assert(
      fc.property(
        names,
        fc.constantFrom('NODE_ENV', 'UPSTREAM_TOKEN_IN', 'LOG_LEVEL', 'GRAPHIQL', 'PORT', 'UPSTREAM_URL'),
        (value, setting) => {
          const reading = readConfig({ [setting]: value });
          expect(reading).toHaveProperty('mistakes', [expect.stringContaining(setting)]);
        },
      ),
    );
    for (const name of inherited) {
      expect(readConfig({ UPSTREAM_STATUS_CODES: `10001=${name}` })).toHaveProperty('mistakes');
      expect(readConfig(Object.fromEntries([[name, 'x']]))).toHaveProperty('config');
    }
  });
});
