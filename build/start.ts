import { existsSync } from 'node:fs';
// The default export: Node before 22.1 has no `enableCompileCache`, and a named import of it would fail before the check below.
import module from 'node:module';
import { fileURLToPath } from 'node:url';
import packageJson from '../package.json' with { type: 'json' };

// The entry of the bundle. An old Node would end with a syntax error in one of the other files. needs-node.cjs says the same for the
// sources, with advice about npm, which the image does not have.
const needed = parseInt(packageJson.engines.node.replace('>=', ''), 10);
if (parseInt(process.versions.node, 10) < needed) {
  console.error(`Node.js ${needed} or newer is needed, and this is ${process.versions.node}.`);
  process.exit(1);
}

// The compile cache must be on before anything large is loaded. It is used only if it is beside this file, where another local user cannot
// write. That user could plant code in Node's default, a shared temporary folder. If NODE_COMPILE_CACHE is set, Node has already turned the
// cache on.
const cache = fileURLToPath(new URL('./compile-cache', import.meta.url));
if (process.env['NODE_COMPILE_CACHE'] === undefined && existsSync(cache)) module.enableCompileCache(cache);

await import('../src/main.ts');
