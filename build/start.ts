import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// The first line of dist/main.js. The cache has to be on before anything large is loaded. It is used only where somebody who may
// write beside this file has made it: Node's own default, a shared temporary folder, would let another local user plant code.
// Where NODE_COMPILE_CACHE is set, Node has already turned it on.
const cache = fileURLToPath(new URL('./compile-cache', import.meta.url));
if (process.env['NODE_COMPILE_CACHE'] === undefined && existsSync(cache)) enableCompileCache(cache);

await import('../src/main.ts');
