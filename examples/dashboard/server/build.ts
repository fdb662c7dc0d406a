import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const here = fileURLToPath(new URL('..', import.meta.url));

/** What a build knows of where it will run. Vite writes these into the page. */
export interface BuildOptions {
  /** The gateway's GraphQL endpoint, where it is of another origin than the page. Unset: `/graphql` of the page's own. */
  readonly VITE_GATEWAY_URL?: string;
  /** A token to begin with, for a gateway on the simulator. Unset: the page asks for one. */
  readonly VITE_SIMULATOR_TOKEN?: string;
}

/** Generates the types of the page's documents, and the manifest for `TRUSTED_DOCUMENTS`. */
export const generateDocuments = (): Promise<void> => run({}, 'graphql-codegen');

/** Builds the page into a folder below this package. The documents have been generated before. */
export const buildPage = (options: BuildOptions, folder: string): Promise<void> =>
  run(options, 'vite', 'build', '--outDir', folder, '--emptyOutDir');

async function run(options: BuildOptions, command: string, ...args: readonly string[]): Promise<void> {
  const cli = fileURLToPath(new URL(`../node_modules/.bin/${command}`, import.meta.url));
  const env = { ...process.env, VITE_GATEWAY_URL: '', VITE_SIMULATOR_TOKEN: '', ...options };
  await promisify(execFile)(process.execPath, [cli, ...args], { cwd: here, env }).catch(
    (error: Error & { stdout?: string; stderr?: string }) => {
      throw new Error(`${command} failed:\n${error.stdout ?? ''}${error.stderr ?? ''}`, { cause: error });
    },
  );
}
