import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codesOf, startTestGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ MAX_DOCUMENT_TOKENS: '110' });
});
afterAll(() => gateway.close());

/** So many times `__typename`, and as many tokens more as there are aliases. */
const typenames = (plain: number, aliased = 0) =>
  `{ ${'__typename '.repeat(plain)}${Array.from({ length: aliased }, (_, at) => `a${at}: __typename`).join(' ')} }`;

describe('a document', () => {
  it.each([
    { tokens: 110, query: typenames(0, 36), codes: [] },
    { tokens: 111, query: typenames(1, 36), codes: ['GRAPHQL_PARSE_FAILED'] },
  ])('of $tokens tokens, where 110 are allowed, gives $codes', async ({ tokens, query, codes }) => {
    expect(query.match(/[\w]+|[{}:]/g)).toHaveLength(tokens);
    expect(codesOf(await gateway.ask(query))).toEqual(codes);
  });

  it.each([
    { repeats: 50, codes: [] },
    { repeats: 51, codes: ['GRAPHQL_VALIDATION_FAILED'] },
  ])('that selects a field again $repeats times gives $codes', async ({ repeats, codes }) => {
    expect(codesOf(await gateway.ask(typenames(1 + repeats)))).toEqual(codes);
  });
});
