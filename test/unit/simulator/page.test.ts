import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { worldTables } from '../../../src/simulator/tables.ts';
import { developmentToken, refusedTokens, worldIds } from '../../../src/simulator/world.ts';

const page = readFileSync(new URL('../../../docs/simulator.md', import.meta.url), 'utf8');

describe('docs/simulator.md', () => {
  it('holds the tables of the world as it is', () => {
    const [, made] = /<!-- begin: [^\n]*-->\n\n([^]*)\n\n<!-- end -->/.exec(page) ?? [];
    expect(made).toBe(worldTables());
  });

  it('names every ID and token once in each language', () => {
    for (const name of [
      ...worldIds.map(({ id }) => id),
      developmentToken,
      ...refusedTokens.map(({ token }) => token),
    ]) {
      expect(page.split(`| \`${name}\` |`), name).toHaveLength(3);
    }
  });

  it('says of no two IDs the same', () => {
    for (const language of ['en', 'zh'] as const) {
      expect(new Set(worldIds.map(({ about }) => about[language])).size).toBe(worldIds.length);
    }
  });
});
