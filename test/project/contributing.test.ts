import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

const page = read('CONTRIBUTING.md');
const quoted = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

/** The packages of one table, each with the paths of its row. */
function documented(heading: string): { readonly name: string; readonly places: readonly string[] }[] {
  const [, table = ''] = page.split(`\n${heading}:\n`);
  const [rows = ''] = table.trimStart().split('\n\n');
  return rows
    .split('\n')
    .slice(2)
    .flatMap((row) => {
      const [, packages = '', , where = ''] = row.split(' | ').length === 4 ? ['', ...row.split(' | ')] : [];
      return quoted(packages).map((name) => ({ name, places: quoted(where) }));
    });
}

const tables = [
  { heading: 'Production', packages: Object.keys(packageJson.dependencies) },
  { heading: 'Development', packages: Object.keys(packageJson.devDependencies) },
];

const sources = globSync(['src/**/*.ts', 'test/**/*.ts', 'build/**/*.{ts,js,cjs}', '*.ts'], { cwd: root })
  .filter((path) => !/node_modules|\/generated\/|^test\/federation\//.test(path))
  .map((path) => ({ path, text: read(path) }));

const isIn = (path: string, place: string) => (place.endsWith('/') ? path.startsWith(place) : path === place);

/** The files that import a package, or a part of it. */
const importers = (name: string): string[] =>
  sources
    .filter(({ text }) => new RegExp(`(?:from|import\\() ?'${name}['/]`).test(text))
    .map(({ path }) => path);

describe.each(tables)('the table of dependencies in CONTRIBUTING.md: $heading', ({ heading, packages }) => {
  const rows = documented(heading);

  it('has each package of package.json, and no other', () => {
    expect(rows.map(({ name }) => name).toSorted()).toEqual(packages.toSorted());
  });

  it.each(rows)('names each file that imports $name', ({ name, places }) => {
    expect(importers(name).filter((path) => !places.some((place) => isIn(path, place)))).toEqual([]);
  });

  it.each(rows)('names no place that does not use $name', ({ name, places }) => {
    const used = importers(name);
    const isUsed = (place: string) =>
      used.some((path) => isIn(path, place)) ||
      // A tool is named by its command or its configuration.
      (place.endsWith('/')
        ? sources.some(({ path, text }) => isIn(path, place) && text.includes(name))
        : existsSync(new URL(place, root)) && read(place).includes(name));
    expect(places).not.toEqual([]);
    expect(places.filter((place) => !isUsed(place))).toEqual([]);
  });
});

describe('the table of commands in CONTRIBUTING.md', () => {
  it('has each script of package.json', () => {
    const [, section = ''] = page.split('\n## The daily loop\n');
    const [commands = ''] = section.split('\n## ');
    const rows = [...commands.matchAll(/^\| `npm (?:run (?:--silent )?)?([\w-]+)`/gm)];
    expect(rows.map(([, name = '']) => name).toSorted()).toEqual(Object.keys(packageJson.scripts).toSorted());
  });
});
