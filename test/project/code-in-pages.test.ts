import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contractTypes } from '../../src/upstream/contract.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe.each([
  { page: 'docs/live.md', folder: 'test/live/clients', files: ['fetch', 'urql', 'apollo'] },
  { page: 'docs/frontends.md', folder: 'test/clients', files: ['ask', 'apollo-cache', 'graphcache'] },
])('$page', ({ page, folder, files }) => {
  it.each(files)(`shows ${folder}/%s.ts, which the tests use`, (name) => {
    const file = `${folder}/${name}.ts`;
    const [, after = ''] = read(page).split(`<!-- the code of ${file} -->\n\`\`\`ts\n`);
    expect(after.split('\n```')[0]).toBe(read(file).trimEnd());
  });
});

describe('docs/adding-a-field.md', () => {
  const [...snippets] = read('docs/adding-a-field.md').matchAll(/```(?:ts|graphql)\n([^]*?)```/g);
  const sources = ['contract.ts', 'participants.graphql', 'view.ts'].map((name) =>
    read(`test/fixtures/participants/${name}`),
  );

  it('shows lines of the fixture, one snippet a file', () => {
    expect(snippets.map(([, text = ''], at) => sources[at]?.includes(text))).toEqual([true, true, true]);
  });

  it('names each type of the contract, and each decoder', () => {
    const page = read('docs/adding-a-field.md');
    const types = [...Object.keys(contractTypes), 'list', 'record'];
    const decoders = read('src/upstream/answer/values.ts').matchAll(/^export function (decode\w+)/gm);
    for (const name of [...types, ...[...decoders].map(([, decoder = '']) => decoder)])
      expect(page).toContain(`\`${name}\``);
  });
});
