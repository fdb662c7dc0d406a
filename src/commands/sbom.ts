import { readFileSync } from 'node:fs';

// Writes the packages that run in production as CycloneDX JSON. It reads only the lock file, because `npm sbom` leaves out packages
// that are installed more than once.

interface LockFile {
  /** By folder; the project itself has the empty key. */
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

interface LockedPackage {
  readonly name?: string;
  readonly version: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock: LockFile = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'));
const { '': project, ...installed } = lock.packages;
if (!project) throw new Error('package-lock.json does not name the project');
const production = Object.entries(installed).filter(([, { dev }]) => !dev);

const modules = 'node_modules/';
const nameOf = (folder: string) => folder.slice(folder.lastIndexOf(modules) + modules.length);
const purl = (name: string, version: string) => `pkg:npm/${name.replace('@', '%40')}@${version}`;

/** Node's lookup: first in the folder of the dependent package, then in each folder above it. */
function find(name: string, from: string): string | undefined {
  for (let around = from; ; around = around.slice(0, Math.max(0, around.lastIndexOf(`/${modules}`)))) {
    const folder = `${around && `${around}/`}${modules}${name}`;
    const found = lock.packages[folder];
    if (found) return purl(name, found.version);
    if (around === '') return undefined;
  }
}

function needs(folder: string, { dependencies, optionalDependencies }: LockedPackage): string[] {
  const names = Object.keys({ ...dependencies, ...optionalDependencies });
  return names.flatMap((name) => find(name, folder) ?? []);
}

function component(name: string, { version, license, integrity }: LockedPackage) {
  const [algorithm, digest] = integrity?.split('-') ?? [];
  return {
    type: 'library',
    'bom-ref': purl(name, version),
    name,
    version,
    purl: purl(name, version),
    ...(license && {
      licenses: [license.includes(' ') ? { expression: license } : { license: { id: license } }],
    }),
    ...(algorithm === 'sha512' &&
      digest && { hashes: [{ alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') }] }),
  };
}

const root = purl(project.name ?? '', project.version);
const components = new Map<string, ReturnType<typeof component>>();
const dependsOn = new Map<string, Set<string>>([[root, new Set(needs('', project))]]);
for (const [folder, locked] of production) {
  const one = component(nameOf(folder), locked);
  // One version that is installed in several folders is one component.
  components.set(one.purl, one);
  dependsOn.set(one.purl, (dependsOn.get(one.purl) ?? new Set()).union(new Set(needs(folder, locked))));
}

const bom = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: {
    component: {
      type: 'application',
      'bom-ref': root,
      name: project.name,
      version: project.version,
      purl: root,
    },
  },
  components: [...components.values()],
  dependencies: [...dependsOn].map(([ref, refs]) => ({ ref, dependsOn: [...refs] })),
};
process.stdout.write(`${JSON.stringify(bom, null, 2)}\n`);
