import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { compileCache } from './test/support/compile-cache.ts';

// Also for each process that a test starts with this environment.
Object.assign(process.env, compileCache);

// They count what their own process holds, so that nothing of another file may be in it.
const inOwnProcess = [
  'test/live/bounds.test.ts',
  'test/live/many.test.ts',
  'test/upstream/size.test.ts',
  'test/websocket/many.test.ts',
];

export default defineConfig({
  // As Node resolves it: a second copy, the package's ES module, would not know the schema that @apollo/subgraph builds.
  resolve: { alias: { graphql: 'graphql/index.js' } },
  test: {
    // Most tests wait for sockets and processes, so one more than the cores finds work for all of them.
    maxWorkers: availableParallelism() + 1,
    // Two cores, and tests with real sockets and a browser: a slow machine must not fail them.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
    projects: [
      { extends: true, test: { name: 'alone', include: inOwnProcess } },
      {
        extends: true,
        test: {
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: ['test/federation/**', ...inOwnProcess],
          // A worker loads the sources once, not once for each of its files.
          isolate: false,
        },
      },
    ],
  },
});
