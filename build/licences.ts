import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'rolldown';

/** Writes LICENCES.txt: the licence text of every package in the bundle. Fails if a package names no licence. */
export function licences(): Plugin {
  return {
    name: 'licences',
    generateBundle(_options, bundle) {
      const packages = new Set<string>();
      for (const output of Object.values(bundle)) {
        if (output.type !== 'chunk') continue;
        for (const id of output.moduleIds) {
          const folder = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0];
          if (folder !== undefined) packages.add(folder);
        }
      }
      const texts = [...packages].toSorted().map(licenceOf);
      this.emitFile({ type: 'asset', fileName: 'LICENCES.txt', source: texts.join(separator) });
    },
  };
}

const separator = `\n${'-'.repeat(80)}\n\n`;

function licenceOf(folder: string): string {
  const { name, version, license }: Record<'name' | 'version' | 'license', string> = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  if (!license) throw new Error(`${name} names no licence: it cannot be bundled.`);
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim();
  return `${name} ${version} (${license})\n\n${text || 'The package does not contain the text of its licence.'}\n`;
}
