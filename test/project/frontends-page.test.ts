import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../src/graphql/error-codes.ts';

const page = readFileSync(new URL('../../docs/frontends.md', import.meta.url), 'utf8');
const [, table = ''] = /\| code \| show \| retry \|\n[^\n]+\n(.*?)\n\n/s.exec(page) ?? [];
const told = table.split('\n').flatMap((row) => {
  const [codes = '', , retry = ''] = row.split(' | ');
  return [...codes.matchAll(/`(\w+)`/g)].map(([, code = '']) => ({ code, retryable: /^yes\b/.test(retry) }));
});

describe('what docs/frontends.md says of errors', () => {
  it('covers each code once, and says which to retry, as the table of codes does', () => {
    const byCode = (a: { code: string }, b: { code: string }) => a.code.localeCompare(b.code);
    const codes = Object.entries(errorCodes).map(([code, { retryable }]) => ({ code, retryable }));
    expect(told.toSorted(byCode)).toEqual(codes.toSorted(byCode));
  });
});
