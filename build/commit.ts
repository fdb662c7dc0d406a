import type { Plugin } from 'rolldown';
import { readCommit } from '../src/settings/commit.ts';

/** Writes the commit of the checkout into the bundle, because the bundle runs without a checkout. */
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
