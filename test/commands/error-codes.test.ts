import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorCodes } from '../../src/graphql/error-codes.ts';

const run = promisify(execFile);
const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'codes-'));
  const { stdout } = await run(process.execPath, [at('src/commands/error-codes.ts')]);
  writeFileSync(join(folder, 'error-codes.ts'), stdout);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a frontend's program in the module's folder. */
async function frontend(program: string): Promise<unknown> {
  const file = join(folder, 'program.ts');
  writeFileSync(file, program);
  const { stdout } = await run(process.execPath, [file]);
  return JSON.parse(stdout);
}

/** The compiler's messages about such a program. */
async function complaints(program: string): Promise<string> {
  const file = join(folder, 'compiled.ts');
  writeFileSync(file, program);
  const options = ['--strict', '--noEmit', '--target', 'es2022', '--module', 'preserve', '--ignoreConfig'];
  const asked = run(at('node_modules/.bin/tsc'), [...options, file], { cwd: folder });
  return (await asked.catch((error: { stdout: string }) => error)).stdout;
}

describe('the module of error codes that is printed for frontends', () => {
  it('has each code of the table, and whether asking again may help', async () => {
    const printed = await frontend(
      `import { errorCodes } from './error-codes.ts'; console.log(JSON.stringify(errorCodes));`,
    );
    expect(printed).toEqual(
      Object.fromEntries(Object.entries(errorCodes).map(([code, { retryable }]) => [code, { retryable }])),
    );
  });

  it('knows a code from anything else', async () => {
    const values = ['NOT_FOUND', 'SUBREQUEST_HTTP_ERROR', 'toString', '', 7, null];
    const known = await frontend(
      `import { isErrorCode } from './error-codes.ts'; console.log(JSON.stringify(${JSON.stringify(values)}.map(isErrorCode)));`,
    );
    expect(known).toEqual([true, false, false, false, false, false]);
  });

  it('lets the compiler find a code that does not exist, and a branch that is missing', async () => {
    const program = (codes: string) => `
      import type { ErrorCode } from './error-codes';
      const only: Exclude<ErrorCode, ${codes}> = 'OVERLOADED';
      export const code: ErrorCode = only;`;
    expect(await complaints(program("'NOT_FOUND'"))).toBe('');
    expect(await complaints(program("'OVERLOADED'"))).toContain(`"OVERLOADED"' is not assignable`);
  });
});
