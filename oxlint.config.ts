import { defineConfig, type OxlintOverride } from 'oxlint';

/**
 * Which room may import which: `all` of it, or only its `types`. A file at the root of src/ is a room of its own. `domains/*` is
 * one row for each domain, and none may import another. The same table stands in docs/architecture.md.
 */
export const rooms: Readonly<Record<string, Readonly<Record<string, 'all' | 'types'>>>> = {
  base: {},
  observe: { base: 'all' },
  simulator: { base: 'all' },
  upstream: { base: 'all', observe: 'types' },
  graphql: { base: 'all', observe: 'all', upstream: 'types', simulator: 'types' },
  'domains/*': { base: 'all', graphql: 'all', upstream: 'all', simulator: 'types', generated: 'types' },
  server: { base: 'all', graphql: 'types', upstream: 'types', observe: 'types' },
  generated: { 'domains/*': 'types', graphql: 'types' },
  settings: { base: 'all', observe: 'all', graphql: 'types', upstream: 'types' },
  commands: { '*': 'all' },
  gateway: { '*': 'all' },
  'main.ts': { base: 'all', observe: 'all', settings: 'all', gateway: 'all' },
};

const message = 'This room may not import that one: see the table in docs/architecture.md.';

const isFile = (room: string) => room.endsWith('.ts');

/** What an import of something in this room looks like, from wherever. */
const importsOf = (room: string) => (isFile(room) ? `**/${room}` : `**/${room.replace('/*', '')}/**`);

const restricted = (room: string, ...more: readonly object[]): NonNullable<OxlintOverride['rules']> => {
  const allowed = rooms[room] ?? {};
  const names = Object.keys(rooms).filter((name) => name !== room);
  const closed = allowed['*'] ? [] : names.filter((name) => !(name in allowed));
  const typesOnly = names.filter((name) => allowed[name] === 'types');
  const patterns = [
    { group: closed.map(importsOf), message },
    { group: typesOnly.map(importsOf), message, allowTypeImports: true },
  ].filter(({ group }) => group.length > 0);
  return { 'no-restricted-imports': ['error', { patterns: [...patterns, ...more] }] };
};

const overrides = Object.keys(rooms).map((room): OxlintOverride => ({
  files: [isFile(room) ? `src/${room}` : `src/${room}/**`],
  rules: restricted(room),
}));

// Another domain stands one level up from a file of a domain, and two from a file in a folder of a domain.
const amongDomains = [
  { files: ['src/domains/*/*.ts'], regex: String.raw`^\.\./[^.]` },
  { files: ['src/domains/*/*/*.ts'], regex: String.raw`^\.\./\.\./[^.]` },
].map(({ files, regex }): OxlintOverride => ({ files, rules: restricted('domains/*', { regex, message }) }));

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'import', 'oxc'],
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  ignorePatterns: ['src/generated', 'test/generated', 'bench', 'examples', 'test/federation'],
  options: { typeAware: true },
  rules: {
    'import/no-cycle': ['error', { ignoreTypes: false }],
    'typescript/no-explicit-any': 'error',
    'typescript/consistent-type-imports': 'error',
    // Requests that must follow each other are the rule here, not a slip.
    'no-await-in-loop': 'off',
    'no-shadow': 'off',
    'no-underscore-dangle': 'off',
    'consistent-return': 'off',
    'typescript/consistent-return': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'import/no-named-as-default-member': 'off',
    'typescript/no-misused-spread': 'off',
  },
  overrides: [
    {
      // A room that the table does not name may import nothing at all.
      files: ['src/**'],
      rules: {
        'no-restricted-imports': [
          'error',
          { patterns: [{ group: ['*'], message: 'The table of rooms does not name this room.' }] },
        ],
      },
    },
    ...overrides,
    ...amongDomains,
    { files: ['test/**'], rules: { 'typescript/no-unsafe-type-assertion': 'off' } },
    // A domain in all but its place.
    {
      files: ['test/fixtures/participants/**'],
      rules: { ...restricted('domains/*'), 'typescript/no-unsafe-type-assertion': 'error' },
    },
  ],
});
