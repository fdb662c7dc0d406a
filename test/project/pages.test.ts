import { existsSync, readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../src/graphql/error-codes.ts';
import { startTestGateway } from '../support/gateway.ts';

const root = new URL('../..', import.meta.url);
const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .trim()
  .split('\n');
const read = (page: string) => readFileSync(new URL(page, root), 'utf8');

describe('the README', () => {
  it('asks by curl for what is answered just so', async () => {
    const readme = read('README.md');
    const [, header = '', token = '', body = ''] =
      /-H '(content-type: [^']+)' -H 'token: ([^']+)' \\\n {2}-d '([^']+)'/.exec(readme) ?? [];
    const [, answer = ''] = /```json\n(.*)\n```/.exec(readme) ?? [];
    await using gateway = await startTestGateway();
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': header.replace('content-type: ', ''), token },
      body,
    });
    expect(await response.text()).toBe(answer);
  });
});

/** The links of a page to files of the project. */
const linksOf = (page: string) =>
  [...read(page).matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)]*))?\)/g)].map(
    ([, path = '', heading]) => ({
      file: path === '' ? page : new URL(path, new URL(page, root)).pathname.slice(root.pathname.length),
      heading,
    }),
  );

/** The anchors of a page's headings, in the form of GitHub. */
const anchorsOf = (page: string) =>
  [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .trim()
  .split('\n');

/** The npm scripts that a line of a page can call: of the packages around the page, and of those whose folder the line names. */
function scriptsFor(page: string, line: string): string[] {
  return files
    .filter((file) => /(?:^|\/)package\.json$/.test(file))
    .map((file) => file.slice(0, -'package.json'.length))
    .filter((folder) => page.startsWith(folder) || line.includes(folder.slice(0, -1)))
    .flatMap((folder) => {
      const { scripts = {} }: { scripts?: Readonly<Record<string, string>> } = JSON.parse(
        read(`${folder}package.json`),
      );
      return Object.keys(scripts);
    });
}

describe('a page', () => {
  it.each(pages)('%s links to nothing that is not there', (page) => {
    const broken = linksOf(page).filter(
      ({ file, heading }) =>
        !existsSync(new URL(file, root)) ||
        (heading !== undefined && file.endsWith('.md') && !anchorsOf(file).includes(decodeURI(heading))),
    );
    expect(broken).toEqual([]);
  });

  it.each(pages)('%s is reached from the README', (page) => {
    const reached = new Set(['README.md']);
    for (const from of reached)
      for (const { file } of linksOf(from)) if (file.endsWith('.md')) reached.add(file);
    expect(reached).toContain(page);
  });

  it.each(pages)('%s names no command that package.json does not have', (page) => {
    const wrong = read(page)
      .split('\n')
      .flatMap((line) =>
        [...line.matchAll(/\bnpm run (?:--silent |--prefix \S+ )*([\w-]+)/g)]
          .map(([, name = '']) => name)
          .filter((name) => !scriptsFor(page, line).includes(name)),
      );
    expect(wrong).toEqual([]);
  });

  // docs/frontends.md, in each language, also names files of the reader's own project.
  it.each(pages.filter((page) => !page.startsWith('docs/frontends')))(
    '%s names no source file that does not exist',
    (page) => {
      const named = [
        ...read(page).matchAll(/(?<=[`\s(│])(?:[\w.-]+\/)*[\w-]+(?:\.test)?\.tsx?(?=[`\s),:;]|\.\s)/g),
      ];
      const missing = named.filter(
        ([name]) => !files.some((file) => `/${file}`.endsWith(`/${name.replace(/^(?:\.\.?\/)+/, '')}`)),
      );
      expect(missing.map(([name]) => name)).toEqual([]);
    },
  );

  it.each(pages)('%s has npm print nothing of its own into what is meant for a file', (page) => {
    expect(read(page)).not.toMatch(/npm run (?:schema|sbom|error-codes)\b/);
  });

  it('names no error code that does not exist', () => {
    const named = new Set(
      pages.flatMap((page) =>
        [...read(page).matchAll(/\b(?:UPSTREAM|GRAPHQL|TOO)_[A-Z_]+\b/g)].map(([code]) => code),
      ),
    );
    const likeCodes = [...named].filter((name) =>
      /_(?:REJECTED|UNAVAILABLE|INVALID_\w+|FAILED|CALLS)$|^UPSTREAM_TIMEOUT$/.test(name),
    );
    expect(likeCodes.filter((code) => !(code in errorCodes) && code !== 'MAX_UPSTREAM_CALLS')).toEqual([]);
  });
});
