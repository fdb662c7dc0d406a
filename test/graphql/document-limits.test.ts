import { type DocumentNode, parse } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesOf } from '../../src/graphql/documents/document-cache.ts';
import { codesOf, startTestGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ MAX_DOCUMENT_TOKENS: '110' });
});
afterAll(() => gateway.close());

/** Selects `__typename` `plain` times without an alias (one token each) and `aliased` times with one (three tokens each). */
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

describe('documents of up to 128 kB of memory each', () => {
  it('are kept up to 48 MB in total: the least recently used one is parsed again after one more', async () => {
    const parsed: (DocumentNode | undefined)[] = [];
    const seesParsed: Plugin = {
      onParse:
        () =>
        ({ result }) =>
          void parsed.push(result instanceof Error || result === null ? undefined : result),
    };
    await using gateway = await startTestGateway({}, { plugins: [seesParsed] });
    const text = (nth: number) => `{ __typename } #${nth}`.padEnd(31_744, '.');
    const fitting = 384;
    expect(fitting * bytesOf(text(0), parse(text(0)))).toBe(48 * 2 ** 20);
    const ask = async (nth: number) => {
      expect(await gateway.ask(text(nth))).toMatchObject({ data: { __typename: 'Query' } });
      return parsed.at(-1);
    };
    const first = [];
    for (let nth = 0; nth < fitting; nth += 1) first.push(await ask(nth));
    expect(await ask(0)).toBe(first[0]);
    await ask(fitting);
    expect(await ask(1)).not.toBe(first[1]);
    expect(await ask(0)).toBe(first[0]);
    expect(parsed).toHaveLength(fitting + 4);
  });
});
