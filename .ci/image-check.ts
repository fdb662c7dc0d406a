import { deepStrictEqual, equal, ok } from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

// What the image holds and says of itself, and that it runs: with a root that cannot be written to, as its user, until SIGTERM.

const [root = '', base = '', inspected = ''] = process.argv.slice(2);
const { config }: ImageConfig = JSON.parse(inspected).OCIv1;

interface ImageConfig {
  readonly config: {
    readonly User: string;
    readonly Cmd: readonly string[];
    readonly Env: readonly string[];
    readonly WorkingDir: string;
    readonly ExposedPorts: Readonly<Record<string, unknown>>;
    readonly Labels: Readonly<Record<string, string>>;
  };
}

equal(config.User, '1000:1000');
equal(config.Cmd[0], 'node', 'no shell in the command: it would keep SIGTERM to itself');
ok(config.Env.includes('NODE_ENV=production'));
deepStrictEqual(Object.keys(config.ExposedPorts), ['4000/tcp', '9464/tcp']);
for (const name of ['title', 'version', 'revision', 'licenses'])
  ok(config.Labels[`org.opencontainers.image.${name}`], `no label for the ${name}`);
deepStrictEqual(readdirSync(join(root, config.WorkingDir)).toSorted(), ['LICENSE', 'dist']);
deepStrictEqual(readdirSync(join(root, 'root')), readdirSync(join(base, 'root')));
deepStrictEqual(readdirSync(join(root, 'tmp')), []);

const kilobytes = (folder: string) =>
  Number(execFileSync('du', ['-sk', folder], { encoding: 'utf8' }).split('\t')[0]);
const addedMb = (kilobytes(root) - kilobytes(base)) / 1024;
ok(addedMb <= 40, `${addedMb} MB over its base`);

const readOnly = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"';
const env = [
  ...config.Env,
  'HOST=127.0.0.1',
  'PORT=0',
  'UPSTREAM_URL=http://127.0.0.1:9',
  'DRAIN_DELAY_MS=0',
];
const asUser = ['chroot', `--userspec=${config.User}`, root, 'env', '-i', `--chdir=${config.WorkingDir}`];
const gateway = spawn(
  'unshare',
  ['--mount', 'sh', '-ec', readOnly, 'sh', root, ...asUser, ...env, ...config.Cmd],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
const exited = once(gateway, 'exit');
for await (const line of createInterface({ input: gateway.stdout })) {
  const { event, url } = JSON.parse(line);
  if (event !== 'started') continue;
  const answer = await fetch(`${url}?query={__typename}`);
  deepStrictEqual(await answer.json(), { data: { __typename: 'Query' } });
  gateway.kill('SIGTERM');
}
deepStrictEqual(await exited, [0, null]);
console.log(
  `image: ${addedMb.toFixed(1)} MB over its base; it runs read-only as ${config.User} and ends with 0`,
);
