import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Plugin } from 'rolldown';

/** Copies each SDL file that the sources refer to by `new URL('….graphql', import.meta.url)` into the bundle, and changes the URL. */
export function schemaFiles(): Plugin {
  return {
    name: 'schema-files',
    transform: {
      filter: { id: /\.ts$/, code: '.graphql' },
      async handler(code, id) {
        let changed = code;
        for (const [expression, path] of code.matchAll(
          /new URL\(\s*'([^']+\.graphql)',\s*import\.meta\.url,?\s*\)/g,
        )) {
          if (path === undefined) continue;
          const file = resolve(dirname(id), path);
          const fileName = `schema/${basename(file)}`;
          this.emitFile({ type: 'asset', fileName, source: await readFile(file) });
          changed = changed.replace(expression, `new URL('./${fileName}', import.meta.url)`);
        }
        // No line was added or removed, so the source map is still right.
        return { code: changed, map: null };
      },
    },
  };
}
