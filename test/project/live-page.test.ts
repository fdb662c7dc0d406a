import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('docs/live.md', () => {
  it.each(['fetch', 'urql', 'apollo'])('shows the lines of the %s client that the tests use', (name) => {
    const file = `test/live/clients/${name}.ts`;
    const [, after = ''] = read('docs/live.md').split(`<!-- the code of ${file} -->\n\`\`\`ts\n`);
    expect(after.split('\n```')[0]).toBe(read(file).trimEnd());
  });
});
