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
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

describe('lint', () => {
  let tree: string;
  beforeAll(() => {
    tree = mkdtempSync(join(tmpdir(), 'rooms-'));
    symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
    copyFileSync(join(root, 'oxlint.config.ts'), join(tree, 'oxlint.config.ts'));
    copyFileSync(join(root, 'tsconfig.json'), join(tree, 'tsconfig.json'));
    write('src/upstream/x.ts', 'export const x = 1;\nexport type X = number;\n');
    write('src/graphql/x.ts', 'export const x = 1;\nexport type X = number;\n');
    write('src/observe/x.ts', 'export const x = 1;\nexport type X = number;\n');
    write('src/domains/a/x.ts', 'export const x = 1;\nexport type X = number;\n');
  });
  afterAll(() => rmSync(tree, { recursive: true }));

  function write(file: string, text: string) {
    mkdirSync(join(tree, dirname(file)), { recursive: true });
    writeFileSync(join(tree, file), text);
  }

  it.each([
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
    { file: 'src/main.ts', line: "import { x } from './gateway/x.ts';", fails: false },
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
  ])('of $file with $line fails: $fails', ({ file, line, fails }) => {
    write(file, `${line}\nexport ${line.includes('type') ? 'type Y = x' : 'const y = x'};\n`);
    const { stdout } = spawnSync(process.execPath, [join(root, 'node_modules/oxlint/bin/oxlint'), file], {
      cwd: tree,
      encoding: 'utf8',
    });
    expect(stdout.includes('no-restricted-imports')).toBe(fails);
    rmSync(join(tree, file));
  });
});
