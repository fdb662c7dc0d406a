import type { Plugin } from 'rolldown';
import { readCommit } from '../src/settings/commit.ts';

/** Puts the checkout's commit into the bundle: where it runs there is no checkout to read it from. */
export function commitOfBuild(): Plugin {
  return {
    name: 'commit-of-build',
    load: {
      filter: { id: /\/src\/settings\/commit\.ts$/ },
      handler: () =>
        `export const readCommit = () => ${JSON.stringify(process.env['COMMIT'] || readCommit())};`,
    },
  };
}
