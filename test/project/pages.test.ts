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

describe('a page', () => {
  it.each(pages)('%s links to nothing that is not there', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)].map(
      ([, link]) => link ?? '',
    );
    expect(links.filter((link) => !existsSync(new URL(link, new URL(page, root))))).toEqual([]);
  });

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
