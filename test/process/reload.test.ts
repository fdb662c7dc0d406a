import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startWatchedProcess, type WatchedProcess } from '../support/watched-process.ts';

const codeOf = async ({ url }: WatchedProcess, documentId: string) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ documentId }),
  });
  const { errors = [] }: { errors?: { extensions: { code: string } }[] } = await response.json();
  return errors[0]?.extensions.code;
};

it('SIGHUP reloads the trusted documents; a list with mistakes is reported, and the old list stays', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reload-'));
  const file = join(folder, 'documents.json');
  const write = (documents: unknown) => writeFileSync(file, JSON.stringify(documents));
  write({ a: '{ __typename }' });
  await using gateway = await startWatchedProcess({
    UPSTREAM_URL: 'http://127.0.0.1:9',
    TRUSTED_DOCUMENTS: file,
  });
  const linesOf = (event: string) => gateway.output.stdout.split(`"event":"${event}"`).length - 1;
  expect([await codeOf(gateway, 'a'), await codeOf(gateway, 'b')]).toEqual([
    undefined,
    'DOCUMENT_NOT_TRUSTED',
  ]);

  write({ b: '{ __typename }' });
  gateway.kill('SIGHUP');
  await expect.poll(() => linesOf('trustedDocuments')).toBe(2);
  expect([await codeOf(gateway, 'a'), await codeOf(gateway, 'b')]).toEqual([
    'DOCUMENT_NOT_TRUSTED',
    undefined,
  ]);

  write({ c: '{ nothing }' });
  gateway.kill('SIGHUP');
  await expect.poll(() => linesOf('trustedDocumentsRefused')).toBe(1);
  expect(gateway.output.stdout).toContain('c: Cannot query field');
  expect(await codeOf(gateway, 'b')).toBeUndefined();
  rmSync(folder, { recursive: true });
});
