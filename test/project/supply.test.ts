import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const readJson = (file: string) => JSON.parse(readFileSync(`${root}/${file}`, 'utf8'));

interface Locked {
  readonly version: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}

const { '': _project, ...locked }: Record<string, Locked> = readJson('package-lock.json').packages;
const all = Object.entries(locked).map(([folder, entry]) => Object.assign({ folder }, entry));
const production = all.filter(({ dev }) => !dev);
const nameOf = (folder: string) => folder.replace(/^.*node_modules\//, '');

// Licences that the Open Source Initiative has approved, and that require only attribution.
const licences = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'MIT-0',
];

describe('the packages of production', () => {
  it('are 71 at most', () => {
    expect(production.length).toBeGreaterThan(0);
    expect(production.length).toBeLessThanOrEqual(71);
  });

  it.each(production)('$folder is free software, as its own package.json says', ({ folder }) => {
    expect(licences).toContain(readJson(`${folder}/package.json`).license);
  });

  it('run no script when they are installed', () => {
    expect(production.filter(({ hasInstallScript }) => hasInstallScript)).toEqual([]);
    const scripts = production.flatMap(({ folder }) =>
      Object.keys(readJson(`${folder}/package.json`).scripts ?? {}),
    );
    expect(scripts.filter((name) => ['preinstall', 'install', 'postinstall'].includes(name))).toEqual([]);
  });
});

describe('each package of the lock file', () => {
  it('is held to its content', () => {
    expect(all.filter(({ integrity }) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ''))).toEqual([]);
  });

  it('comes from the registry that npm is set to, and from no address of its own', () => {
    expect(all.filter(({ resolved, link }) => link || resolved)).toEqual([]);
  });

  it('runs a script when it is installed only if package.json allows it', () => {
    const allowed = Object.keys(readJson('package.json').allowScripts);
    const running = all
      .filter(({ hasInstallScript }) => hasInstallScript)
      .map(({ folder }) => nameOf(folder));
    expect(running.filter((name) => !allowed.includes(name))).toEqual([]);
  });
});

describe('the bill of materials', () => {
  let bom: {
    components: {
      name: string;
      version: string;
      purl: string;
      licenses: unknown;
      hashes: { content: string }[];
    }[];
    dependencies: { ref: string; dependsOn: string[] }[];
  };
  beforeAll(async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [`${root}/src/commands/sbom.ts`]);
    bom = JSON.parse(stdout);
    expect(bom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6' });
  });

  it('names each package of production and no other, by version, licence and digest', () => {
    const inLock = new Map(
      production.map(({ folder, version, integrity = '' }) => [
        `${nameOf(folder)}@${version}`,
        Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex'),
      ]),
    );
    const inBom = bom.components.map(
      ({ name, version, hashes }) => [`${name}@${version}`, hashes[0]?.content] as const,
    );
    expect(new Map(inBom)).toEqual(inLock);
    expect(inBom).toHaveLength(inLock.size);
    expect(bom.components.filter(({ licenses }) => !licenses)).toEqual([]);
  });

  it('says of each what it needs, and everything is needed by something', () => {
    const refs = bom.components.map(({ purl }) => purl);
    const needed = new Set(bom.dependencies.flatMap(({ dependsOn }) => dependsOn));
    expect([...needed].filter((ref) => !refs.includes(ref))).toEqual([]);
    expect(refs.filter((ref) => !needed.has(ref))).toEqual([]);
  });
});
