import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { checkSync } from 'recheck';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseAst } from 'vitest/node';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Found {
  readonly file: string;
  readonly pattern: string;
  readonly flags: string;
}

/** The regular expressions of a source, and how often it creates one at run time, which cannot be checked here. */
function expressionsOf(file: string, source: string): { literals: Found[]; made: number } {
  const literals: Found[] = [];
  let made = 0;
  // JSON.stringify visits the whole tree.
  JSON.stringify(parseAst(source, { lang: 'ts' }), (_key, node: unknown) => {
    if (typeof node === 'bigint') return String(node);
    if (typeof node !== 'object' || node === null) return node;
    if ('regex' in node) literals.push({ file, ...(node.regex as { pattern: string; flags: string }) });
    if ('type' in node && node.type === 'Identifier' && 'name' in node && node.name === 'RegExp') made += 1;
    return node;
  });
  return { literals, made };
}

const files = globSync('src/**/*.ts', { cwd: root, exclude: ['src/generated/**'] }).toSorted((a, b) =>
  a.localeCompare(b),
);
const sources = files.map((file) => expressionsOf(file, readFileSync(`${root}/${file}`, 'utf8')));

let check: typeof checkSync;
beforeAll(async () => {
  // The backend that needs neither Java nor a binary for the platform. The package reads the variable at its first use.
  process.env['RECHECK_BACKEND'] = 'pure';
  ({ checkSync: check } = await import('recheck'));
});

// The automaton checks everything, and is quick also with repetitions of some hundred. It does not support look-arounds. For those,
// the checker tries random strings.
const verdict = ({ pattern, flags }: Pick<Found, 'pattern' | 'flags'>) =>
  check(pattern, flags, {
    checker: /\(\?<?[=!]/.test(pattern) ? 'fuzz' : 'automaton',
    maxRepeatCount: 1000,
    timeout: 25_000,
    randomSeed: 1,
  }).status;

describe('each regular expression of src/', () => {
  it.each(sources.flatMap(({ literals }) => literals))(
    '$file /$pattern/$flags takes linear time',
    (found) => {
      expect(verdict(found)).toBe('safe');
    },
  );

  it('is a literal, which can be read here', () => {
    expect(files.filter((_, at) => sources[at]?.made)).toEqual([]);
  });
});

describe('what finds and judges them', () => {
  it('finds each in TypeScript, and judges an unsafe one so', () => {
    const source = 'const a: RegExp | 1n = "/x/".replace(/^(?:\\d+|[/x]+)*$/u, `${/y/}`) as never; // /z/';
    const { literals, made } = expressionsOf('a.ts', source);
    expect(literals.map(({ pattern }) => pattern)).toEqual(['^(?:\\d+|[/x]+)*$', 'y']);
    expect(made).toBe(1);
    expect(literals.map(verdict)).toEqual(['vulnerable', 'safe']);
    expect(verdict({ pattern: '(?=a)(?:a|a)*b', flags: '' })).toBe('vulnerable');
  });
});
