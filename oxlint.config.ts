import { defineConfig, type OxlintOverride } from 'oxlint';

/** Which room may import which: `all` of it, or only its `types`. The same table stands in docs/architecture.md. */
export const rooms: Readonly<Record<string, Readonly<Record<string, 'all' | 'types'>>>> = {
  observe: {},
  simulator: {},
  upstream: { observe: 'types' },
  graphql: { upstream: 'types', observe: 'all' },
  conference: { graphql: 'all', upstream: 'all', generated: 'types' },
  server: { graphql: 'types', upstream: 'types', observe: 'types' },
  generated: { conference: 'types', graphql: 'types' },
  commands: { '*': 'all' },
};

const message = 'This room may not import that one: see the table in docs/architecture.md.';

const overrides = Object.entries(rooms).map(([room, allowed]): OxlintOverride => {
  const names = Object.keys(rooms).filter((name) => name !== room);
  const closed = allowed['*'] ? [] : names.filter((name) => !(name in allowed));
  const typesOnly = names.filter((name) => allowed[name] === 'types');
  return {
    files: [`src/${room}/**`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: closed.map((name) => `**/${name}/**`), message },
            { group: typesOnly.map((name) => `**/${name}/**`), message, allowTypeImports: true },
          ].filter(({ group }) => group.length > 0),
        },
      ],
    },
  };
});

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'import', 'oxc'],
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  ignorePatterns: ['src/generated', 'bench', 'examples', 'test/federation'],
  options: { typeAware: true },
  rules: {
    'import/no-cycle': 'error',
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
      files: ['src/*/**'],
      rules: {
        'no-restricted-imports': [
          'error',
          { patterns: [{ group: ['*'], message: 'The table of rooms does not name this room.' }] },
        ],
      },
    },
    ...overrides,
    { files: ['test/**'], rules: { 'typescript/no-unsafe-type-assertion': 'off' } },
  ],
});
