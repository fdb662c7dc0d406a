import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (page: string) => readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8');
const chinese = (page: string) => page.replace('.md', '.zh-CN.md');
const pages = ['README.md', 'docs/frontends.md'];

const fence = /^```.*?^```$/gms;
const codeIn = (text: string) => text.match(fence) ?? [];
const proseIn = (text: string) => text.replaceAll(fence, '');
const sorted = (texts: readonly string[]) => texts.toSorted((a, b) => (a < b ? -1 : 1));

const levelsIn = (text: string) => [...proseIn(text).matchAll(/^#+(?= )/gm)].map(([level]) => level);

/** The rows of all tables: the number of cells, and the code in them. */
const rowsIn = (text: string) =>
  [...proseIn(text).matchAll(/^\|.*\|$/gm)].map(([row]) => ({
    cells: row.match(/\|/g)?.length,
    code: sorted(row.match(/`[^`]+`/g) ?? []),
  }));

const inlineCodeIn = (text: string) => sorted([...new Set(proseIn(text).match(/`[^`\n]+`/g))]);

const linksIn = (text: string) =>
  sorted([...new Set([...proseIn(text).matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link))]);

/** Links within a page go to headings, which are translated; those between the pair go to the other language. */
const isOfLanguage = (link: string) =>
  link.startsWith('#') || pages.some((page) => [page, chinese(page)].some((file) => file.endsWith(link)));

describe.each(pages)('the Chinese page of %s', (page) => {
  const [english, translated] = [read(page), read(chinese(page))];

  it('has the same headings, one for one', () => {
    expect(levelsIn(english).length).toBeGreaterThan(1);
    expect(levelsIn(translated)).toEqual(levelsIn(english));
  });

  it('has the same commands and the same code', () => {
    expect(codeIn(english).length).toBeGreaterThan(1);
    expect(codeIn(translated)).toEqual(codeIn(english));
  });

  it('has the same tables, row by row', () => {
    expect(rowsIn(english).length).toBeGreaterThan(1);
    expect(rowsIn(translated)).toEqual(rowsIn(english));
  });

  it('names the same settings, codes and fields', () => {
    expect(inlineCodeIn(translated)).toEqual(inlineCodeIn(english));
  });

  it('links to the same pages', () => {
    const links = (text: string) => linksIn(text).filter((link) => !isOfLanguage(link));
    expect(links(translated)).toEqual(links(english));
  });

  it('is linked to from the English one, and back', () => {
    const [file = ''] = page.split('/').slice(-1);
    expect(linksIn(english)).toContain(chinese(file));
    expect(linksIn(translated)).toContain(file);
  });

  it('is punctuated as Chinese is', () => {
    const words = proseIn(translated).replaceAll(/`[^`\n]+`/g, '');
    expect(words.match(/[\p{Script=Han}）”][,;:!?]/gu)).toBeNull();
  });
});
