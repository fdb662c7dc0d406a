import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

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
