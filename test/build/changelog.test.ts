import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { releaseChangelog } from '../../build/changelog.ts';

const date = new Date('2026-12-01T08:00:00Z');

describe('a release', () => {
  it('gives what was unreleased to the version, with its date, and leaves room for the next', () => {
    const before = '# Changelog\n\n## Unreleased\n\n- One.\n- Two.\n\n## 0.1.0 (2026-01-01)\n\n- First.\n';
    expect(releaseChangelog(before, '0.2.0', date)).toEqual({
      text: '# Changelog\n\n## Unreleased\n\n## 0.2.0 (2026-12-01)\n\n- One.\n- Two.\n\n## 0.1.0 (2026-01-01)\n\n- First.\n',
      notes: '0.2.0\n\n- One.\n- Two.',
    });
  });

  it('can be the first', () => {
    expect(releaseChangelog('# Changelog\n\n## Unreleased\n\n- One.\n', '0.1.0', date)).toMatchObject({
      text: '# Changelog\n\n## Unreleased\n\n## 0.1.0 (2026-12-01)\n\n- One.\n\n',
    });
  });

  it.each([
    { changelog: '# Changelog\n', problem: 'CHANGELOG.md has no heading "## Unreleased".' },
    {
      changelog: '## Unreleased\n\n## 0.1.0\n\n- One.\n',
      problem: 'CHANGELOG.md has nothing under "## Unreleased".',
    },
  ])('is refused: $problem', ({ changelog, problem }) => {
    expect(releaseChangelog(changelog, '0.2.0', date)).toEqual({ problem });
  });

  it('is possible with the changelog as it is', () => {
    const changelog = readFileSync(new URL('../../CHANGELOG.md', import.meta.url), 'utf8');
    expect(releaseChangelog(changelog, '99.0.0', date)).toHaveProperty('notes');
  });
});
