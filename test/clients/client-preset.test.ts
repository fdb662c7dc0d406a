import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(root, 'docs/frontends.md'), 'utf8');

/** The text of a file that docs/frontends.md shows. */
function fileOfPage(name: string): string {
  const [, text] = page.split(`\`${name}\`:\n\n\`\`\`${name.slice(name.lastIndexOf('.') + 1)}\n`);
  if (text === undefined) throw new Error(`docs/frontends.md has no file ${name}`);
  return text.slice(0, text.indexOf('\n```') + 1);
}

let folder: string;
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'frontend-'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  mkdirSync(join(folder, 'src'));
  write('package.json', '{ "type": "module" }');
  write('codegen.ts', fileOfPage('codegen.ts'));
  write('src/App.tsx', fileOfPage('src/App.tsx'));
  const { stdout } = await run(process.execPath, [join(root, 'src/commands/schema.ts'), '--client']);
  write('schema.graphql', stdout);
  await run(join(root, 'node_modules/.bin/graphql-codegen'), [], { cwd: folder });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The compiler's messages about a program that uses the generated code. */
async function compile(program: string): Promise<string> {
  write('src/program.ts', program);
  write(
    'tsconfig.json',
    JSON.stringify({
      compilerOptions: {
        strict: true,
        noEmit: true,
        erasableSyntaxOnly: true,
        verbatimModuleSyntax: true,
        module: 'esnext',
        moduleResolution: 'bundler',
        types: [],
      },
      files: ['src/program.ts'],
    }),
  );
  const failed = (error: { stdout: string }) => error;
  const { stdout } = await run(join(root, 'node_modules/.bin/tsc'), [], { cwd: folder }).catch(failed);
  return stdout;
}

describe("codegen's client preset, by the files of docs/frontends.md,", () => {
  const use = (lines: string) => `
    import type { ResultOf } from '@graphql-typed-document-node/core';
    import type { ConferenceDocument } from './gql/graphql';
    export function show({ conference }: ResultOf<typeof ConferenceDocument>) { ${lines} }`;

  it('takes the schema that is printed for it, and makes types that compile', async () => {
    expect(
      await compile(
        use(`
          const title: string | null | undefined = conference?.title;
          const attendees: number | null | undefined = conference?.counters.attendees;
          const startTime: string | null | undefined = conference?.startTime;
          return { title, attendees, startTime, isOver: conference?.status === 'ENDED' };`),
      ),
    ).toBe('');
  });

  it('makes types that refuse a misspelt field, one that was not selected, a null, and a status that is none', async () => {
    const said = await compile(
      use(`return [
        conference?.tilte,
        conference?.host,
        conference!.counters.attendees.toFixed(),
        conference?.status === 'OVER',
      ];`),
    );
    expect(said).toContain("Property 'tilte' does not exist");
    expect(said).toContain("Property 'host' does not exist");
    expect(said).toContain("is possibly 'null'");
    expect(said).toContain('have no overlap');
  });

  it('writes a manifest that TRUSTED_DOCUMENTS takes, and the gateway then runs nothing else', async () => {
    const file = join(folder, 'src/gql/persisted-documents.json');
    await using gateway = await startTestGateway({ TRUSTED_DOCUMENTS: file });
    const ask = async (body: object) => {
      const response = await fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', token: 'dev-token' },
        body: JSON.stringify(body),
      });
      return response.json();
    };
    const manifest: Record<string, string> = JSON.parse(readFileSync(file, 'utf8'));
    const [documentId] = Object.keys(manifest);
    expect(await ask({ documentId, variables: { id: '56039682' } })).toMatchObject({
      data: { conference: { title: '产品发布会' } },
    });
    expect(await ask({ query: '{ conference(tempConferenceId: "56039682") { title } }' })).toMatchObject({
      errors: [{ extensions: { code: 'DOCUMENT_NOT_TRUSTED' } }],
    });
  });
});
