import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { readCommit } from '../../src/settings/commit.ts';

const hash = '0123456789abcdef0123456789abcdef01234567';
const made: string[] = [];
afterEach(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true });
});

function directoryOf(files: Readonly<Record<string, string>>): URL {
  const directory = mkdtempSync(join(tmpdir(), 'commit-'));
  made.push(directory);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), content);
  }
  return pathToFileURL(`${directory}/`);
}

describe('the commit of a checkout', () => {
  it.each([
    { of: 'a branch', files: { HEAD: 'ref: refs/heads/a/b\n', 'refs/heads/a/b': `${hash}\n` }, commit: hash },
    {
      of: 'a packed branch',
      files: {
        HEAD: 'ref: refs/heads/b\n',
        'packed-refs': `# pack-refs\nffff refs/heads/a/b\n${hash} refs/heads/b\n`,
      },
      commit: hash,
    },
    { of: 'a detached head', files: { HEAD: `${hash}\n` }, commit: hash },
    { of: 'a branch without a commit', files: { HEAD: 'ref: refs/heads/b\n' }, commit: undefined },
    { of: 'no checkout', files: {}, commit: undefined },
  ])('is read of $of', ({ files, commit }) => {
    expect(readCommit(directoryOf(files))).toBe(commit);
  });
});
