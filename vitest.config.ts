import { defineConfig } from 'vitest/config';

export default defineConfig({
  // As Node resolves it: a second copy, the package's ES module, would not know the schema that @apollo/subgraph builds.
  resolve: { alias: { graphql: 'graphql/index.js' } },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/federation/**'],
    // One core fewer is the default; most tests wait for sockets.
    maxWorkers: '100%',
    // Two cores, and tests with real sockets and a browser: a slow machine must not fail them.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
  },
});
