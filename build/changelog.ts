/** A changelog after a release, and the notes of that release; or a problem with the changelog. */
export type ReleasedChangelog =
  | { readonly text: string; readonly notes: string }
  | { readonly problem: string };

const unreleased = '## Unreleased';

/** Moves the entries under "Unreleased" to a new heading for `version`, with the date in UTC. */
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
