import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// The entry of the bundle. The compile cache must be on before anything large is loaded. It is used only if it is beside this file, where
// another local user cannot write. That user could plant code in Node's default, a shared temporary folder. If NODE_COMPILE_CACHE is set,
// Node has already turned the cache on.
const cache = fileURLToPath(new URL('./compile-cache', import.meta.url));
if (process.env['NODE_COMPILE_CACHE'] === undefined && existsSync(cache)) enableCompileCache(cache);

await import('../src/main.ts');
