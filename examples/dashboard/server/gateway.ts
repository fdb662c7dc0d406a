import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const manifest = fileURLToPath(new URL('../src/generated/persisted-documents.json', import.meta.url));

/** A gateway as a process of its own, run from this repository's sources. */
export interface GatewayProcess extends AsyncDisposable {
  /** Its GraphQL endpoint. */
  readonly url: string;
}

/** Installs the gateway's packages if they are not there: this example has its own, the gateway has others. */
export async function installGateway(): Promise<void> {
  if (existsSync(`${root}/node_modules/graphql-yoga`)) return;
  console.log("Installing the gateway's packages: npm ci in the repository's root, once …");
  const install = spawn('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, stdio: 'inherit' });
  const [code] = await once(install, 'exit');
  if (code !== 0) throw new Error("npm ci failed in the repository's root. Run it there, and start again.");
}

/**
 * Starts the gateway, on its simulator unless the environment names an upstream. It executes this page's documents and nothing else.
 * @throws (rejects with) an Error that has what the gateway printed, if it does not start.
 */
export async function startGateway(env: Readonly<Record<string, string>> = {}): Promise<GatewayProcess> {
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: root,
    env: {
      ...process.env,
      NODE_ENV: 'development',
      HOST: '127.0.0.1',
      PORT: '0',
      TRUSTED_DOCUMENTS: manifest,
      // The simulator's business statuses that mean more than a rejection.
      UPSTREAM_STATUS_CODES: '10001=UNAUTHENTICATED,50013=NOT_FOUND',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  const url = await startedUrl(child, exited);
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

function startedUrl({ stdout, stderr }: ChildProcess, exited: Promise<unknown>): Promise<string> {
  const started = Promise.withResolvers<string>();
  const printed: string[] = [];
  for (const stream of [stdout, stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on('line', (line) => {
      if (printed.length < 50) printed.push(line);
      const url = /"event":"started".*?"url":"([^"]+)"/.exec(line)?.[1];
      if (url) started.resolve(url);
    });
  }
  void exited.then(() => started.reject(new Error(`The gateway did not start:\n${printed.join('\n')}`)));
  return started.promise;
}
