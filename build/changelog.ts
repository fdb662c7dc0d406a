/** A changelog whose unreleased entries are a version's now, and these entries alone. */
export type ReleasedChangelog =
  | { readonly text: string; readonly notes: string }
  | { readonly problem: string };

const unreleased = '## Unreleased';

/** Gives the entries under "Unreleased" to `version`, dated in UTC, and leaves that heading empty above them. */
export function releaseChangelog(text: string, version: string, date: Date): ReleasedChangelog {
  const at = text.indexOf(`${unreleased}\n`);
  if (at < 0) return { problem: `CHANGELOG.md has no heading "${unreleased}".` };
  const from = at + unreleased.length;
  const next = text.indexOf('\n## ', from);
  const entries = text.slice(from, next < 0 ? undefined : next).trim();
  if (!entries) return { problem: `CHANGELOG.md has nothing under "${unreleased}".` };
  const heading = `## ${version} (${date.toISOString().slice(0, 10)})`;
  const rest = next < 0 ? '\n' : text.slice(next);
  return {
    text: `${text.slice(0, from)}\n\n${heading}\n\n${entries}\n${rest}`,
    notes: `${version}\n\n${entries}`,
  };
}
