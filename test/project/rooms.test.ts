import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { rooms } from '../../oxlint.config.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('the table of rooms', () => {
  it('names each folder of src/, and each file beside them', () => {
    const entries = readdirSync(join(root, 'src')).map((name) => (name === 'domains' ? 'domains/*' : name));
    expect(entries.toSorted()).toEqual(Object.keys(rooms).toSorted());
  });

  it('is the one of docs/architecture.md', () => {
    const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `([\w.*/]+?)\/?` \|.*\| (.*) \|$/gm)].map(([, room, allowed]) => [
      room,
      allowed,
    ]);
    const written = (room: string) => (/[*.]/.test(room) ? `\`${room}\`` : `\`${room}/\``);
    const inWords = Object.entries(rooms).map(([room, allowed]) => {
      if (allowed['*']) return [room, 'all'];
      const names = (kind: 'all' | 'types') =>
        Object.keys(allowed)
          .filter((name) => allowed[name] === kind)
          .map(written)
          .join(', ');
      const [types, all] = [names('types'), names('all')];
      return [room, [all, types && `types of ${types}`].filter(Boolean).join('; ') || 'nothing of ours'];
    });
    expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(inWords));
  });
});

const imports = [
  { file: 'src/cellar/a.ts', line: "import { x } from '../upstream/x.ts';", fails: true },
  { file: 'src/cellar/deep/b.ts', line: "import { x } from 'node:fs';", fails: true },
  { file: 'src/upstream/c.ts', line: "import { x } from '../graphql/x.ts';", fails: true },
  { file: 'src/upstream/d.ts', line: "import { x } from '../observe/x.ts';", fails: true },
  { file: 'src/upstream/e.ts', line: "import type { X as x } from '../observe/x.ts';", fails: false },
  { file: 'src/simulator/f.ts', line: "import type { X as x } from '../observe/x.ts';", fails: true },
  { file: 'src/graphql/g.ts', line: "import { x } from '../upstream/x.ts';", fails: true },
  { file: 'src/server/h.ts', line: "import { x } from '../graphql/x.ts';", fails: true },
  { file: 'src/server/i.ts', line: "import type { X as x } from '../graphql/x.ts';", fails: false },
  { file: 'src/commands/j.ts', line: "import { x } from '../graphql/x.ts';", fails: false },
  { file: 'src/main.ts', line: "import { x } from './upstream/x.ts';", fails: true },
  { file: 'src/main.ts', line: "import { x as y } from './gateway/x.ts';", fails: false },
  { file: 'src/gateway/y.ts', line: "import { x } from '../upstream/x.ts';", fails: false },
  { file: 'src/loose.ts', line: "import { x } from 'node:fs';", fails: true },
  { file: 'src/graphql/k.ts', line: "import { x } from '../gateway/x.ts';", fails: true },
  { file: 'src/graphql/l.ts', line: "import { x } from '../domains/a/x.ts';", fails: true },
  { file: 'src/domains/b/m.ts', line: "import { x } from '../a/x.ts';", fails: true },
  { file: 'src/domains/b/n.ts', line: "import type { X as x } from '../a/x.ts';", fails: true },
  { file: 'src/domains/b/deep/o.ts', line: "import { x } from '../../a/x.ts';", fails: true },
  { file: 'src/domains/b/deep/p.ts', line: "import { x } from '../m.ts';", fails: false },
  { file: 'src/domains/b/q.ts', line: "import { x } from '../../upstream/x.ts';", fails: false },
  { file: 'src/domains/b/r.ts', line: "import { x } from '../../server/x.ts';", fails: true },
];

const linesOf = (file: string) => imports.filter((one) => one.file === file).map(({ line }) => line);

interface Diagnostic {
  readonly code: string;
  readonly filename: string;
  readonly labels: readonly { readonly span: { readonly line: number } }[];
}

describe('lint', () => {
  let complaints: { readonly file: string; readonly line: string | undefined }[];
  beforeAll(() => {
    const tree = mkdtempSync(join(tmpdir(), 'rooms-'));
    const write = (file: string, text: string) => {
      mkdirSync(join(tree, dirname(file)), { recursive: true });
      writeFileSync(join(tree, file), text);
    };
    symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
    copyFileSync(join(root, 'oxlint.config.ts'), join(tree, 'oxlint.config.ts'));
    copyFileSync(join(root, 'tsconfig.json'), join(tree, 'tsconfig.json'));
    for (const room of ['upstream', 'graphql', 'observe', 'domains/a'])
      write(`src/${room}/x.ts`, 'export const x = 1;\nexport type X = number;\n');
    for (const { file } of imports) write(file, linesOf(file).join('\n'));
    // One run for all imports, because starting the linter takes longer than the linting.
    const { stdout } = spawnSync(
      process.execPath,
      [join(root, 'node_modules/oxlint/bin/oxlint'), '--format=json', 'src'],
      { cwd: tree, encoding: 'utf8' },
    );
    rmSync(tree, { recursive: true });
    const { diagnostics }: { diagnostics: Diagnostic[] } = JSON.parse(stdout);
    complaints = diagnostics
      .filter(({ code }) => code.includes('no-restricted-imports'))
      .map(({ filename, labels: [place] }) => ({
        file: filename,
        line: linesOf(filename)[(place?.span.line ?? 0) - 1],
      }));
  });

  it.each(imports)('of $file with $line fails: $fails', ({ file, line, fails }) => {
    expect(complaints.some((complaint) => complaint.file === file && complaint.line === line)).toBe(fails);
  });
});
