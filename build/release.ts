import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { releaseChangelog } from './changelog.ts';

// `npm run release -- 1.2.0` commits the version and the changelog, and tags the commit. It writes the bundle, a bill of materials, the
// image (if docker, podman or buildah is available) and checksums to release/. It pushes nothing. If anything fails, it removes its commit.

const folder = 'release';

const run = (command: string, ...args: readonly string[]) =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

const [version = ''] = process.argv.slice(2);
if (!/^\d+\.\d+\.\d+$/.test(version)) fail('usage: npm run release -- 1.2.0');
if (run('git', 'status', '--porcelain')) fail('There are changes that are not committed.');
const tag = `v${version}`;
if (run('git', 'tag', '--list', tag)) fail(`${tag} is released already.`);
const changelog = releaseChangelog(readFileSync('CHANGELOG.md', 'utf8'), version, new Date());
if ('problem' in changelog) fail(changelog.problem);

writeFileSync('CHANGELOG.md', changelog.text);
run('npm', 'version', version, '--no-git-tag-version', '--allow-same-version');
run('git', 'commit', '--quiet', '--all', '--message', `Release ${version}`);
try {
  console.log(buildArtifacts(`conference-gateway-${version}`));
} catch {
  run('git', 'reset', '--quiet', '--hard', 'HEAD~1');
  fail(`Nothing was released; the error is above. The commit of ${version} was removed.`);
}
run('git', 'tag', '--annotate', tag, '--message', changelog.notes);
console.log(`${tag} is tagged. To publish: git push --follow-tags, and upload ${folder}/.`);

/** @returns the checksums of the built files, one per line. */
function buildArtifacts(name: string): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const place = (suffix: string) => join(folder, `${name}.${suffix}`);
  run('npm', 'run', '--silent', 'build');
  run('tar', '-czf', place('tar.gz'), '--transform', `s,^,${name}/,`, 'dist', 'LICENSE');
  writeFileSync(place('sbom.json'), run('npm', 'run', '--silent', 'sbom'));
  buildImage(place('image.tar'));
  const sums = readdirSync(folder)
    .toSorted()
    .map((file) => {
      const sum = createHash('sha256').update(readFileSync(join(folder, file)));
      return `${sum.digest('hex')}  ${file}\n`;
    })
    .join('');
  writeFileSync(join(folder, 'SHA256SUMS'), sums);
  return sums;
}

function buildImage(archive: string): void {
  const answers = (tool: string) => spawnSync(tool, [tool === 'buildah' ? 'version' : 'info']).status === 0;
  const builder = ['docker', 'podman', 'buildah'].find(answers);
  if (builder === undefined) {
    console.error('docker, podman and buildah are not available: no image was built.');
    return;
  }
  const image = `conference-gateway:${version}`;
  const base = process.env['NODE_IMAGE'];
  const given = {
    VERSION: version,
    COMMIT: run('git', 'rev-parse', 'HEAD'),
    ...(base && { NODE_IMAGE: base }),
  };
  const buildArgs = Object.entries(given).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
  run(builder, 'build', ...buildArgs, '--tag', image, '.');
  if (builder === 'buildah') run(builder, 'push', image, `docker-archive:${archive}:${image}`);
  else run(builder, 'save', '--output', archive, image);
}
