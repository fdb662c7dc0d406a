import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseManifest } from '../../src/graphql/trusted-documents/manifest.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { record, startTestUpstream, type TestUpstream } from '../support/upstream.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const title = 'query Title($id: ID!) { conference(tempConferenceId: $id) { title } }';
const status = 'query Status($id: ID!) { conference(tempConferenceId: $id) { status } }';
const other = '{ conference(tempConferenceId: "1") { title } }';
const variables = { id: '1' };
const shortHash = 'a'.repeat(40);

let folder: string;
let upstream: TestUpstream;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'documents-'));
  upstream = await startTestUpstream(record({ title: 'Review', status: 2 }));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await upstream[Symbol.asyncDispose]();
});

function manifest(documents: unknown): string {
  const file = join(folder, `${sha256(JSON.stringify(documents))}.json`);
  writeFileSync(file, typeof documents === 'string' ? documents : JSON.stringify(documents));
  return file;
}

const start = (env: Readonly<Record<string, string>> = {}) =>
  startTestGateway({
    UPSTREAM_URL: upstream.url,
    TRUSTED_DOCUMENTS: manifest({ [shortHash]: title, [sha256(status)]: status }),
    ...env,
  });

interface Way {
  readonly method?: 'GET' | 'POST';
  readonly accept?: string;
}

async function ask({ url }: TestGateway, body: Readonly<Record<string, unknown>>, way: Way = {}) {
  const { method = 'POST', accept = 'application/json' } = way;
  const target = new URL(url);
  if (method === 'GET') {
    for (const [name, value] of Object.entries(body))
      target.searchParams.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  const response = await fetch(target, {
    method,
    headers: { token: 't', accept, 'content-type': 'application/json' },
    ...(method === 'POST' && { body: JSON.stringify(body) }),
  });
  const reply: { data?: unknown; errors?: { message: string; extensions: { code: string } }[] } =
    await response.json();
  const [error] = reply.errors ?? [];
  return { status: response.status, data: reply.data, code: error?.extensions.code, message: error?.message };
}

const methods = ['GET', 'POST'] as const;

describe.each(methods)('a trusted document, requested by %s', (method) => {
  it.each([
    { by: 'the SHA-256 of its text', documentId: `sha256:${sha256(title)}` },
    { by: 'the bare SHA-256 of its text', documentId: sha256(title) },
    { by: "the manifest's own hash", documentId: shortHash },
  ])('is executed by $by', async ({ documentId }) => {
    await using gateway = await start();
    const reply = await ask(gateway, { documentId, variables }, { method });
    expect(reply).toEqual({ status: 200, data: { conference: { title: 'Review' } } });
  });

  it("is executed by the hash that Apollo's clients send", async () => {
    await using gateway = await start();
    const extensions = { persistedQuery: { version: 1, sha256Hash: sha256(status) } };
    const reply = await ask(gateway, { extensions, variables }, { method });
    expect(reply.data).toEqual({ conference: { status: 'IN_PROGRESS' } });
  });

  it('is executed if its own text comes with the ID', async () => {
    await using gateway = await start();
    const reply = await ask(gateway, { documentId: shortHash, query: title, variables }, { method });
    expect(reply.data).toEqual({ conference: { title: 'Review' } });
  });

  it.each([
    { of: 'an unknown hash', body: { documentId: `sha256:${sha256(other)}` } },
    { of: 'a query alone', body: { query: other } },
    { of: 'the text of a trusted one alone', body: { query: title, variables } },
    { of: 'an unknown hash with its query', body: { documentId: sha256(other), query: other } },
    { of: 'a text that is not GraphQL', body: { query: '{'.repeat(1000) } },
    { of: 'a hash in capitals', body: { documentId: `sha256:${sha256(title).toUpperCase()}` } },
    { of: 'a name that every object has', body: { documentId: '__proto__' } },
    { of: 'another', body: { documentId: 'constructor' } },
    { of: "Apollo's unknown hash", body: { extensions: { persistedQuery: { sha256Hash: sha256(other) } } } },
  ])('the request is refused with $of in its place, without a call', async ({ body }) => {
    await using gateway = await start();
    const callsBefore = upstream.received.length;
    const reply = await ask(gateway, body, { method });
    expect(reply).toMatchObject({ status: 200, code: 'DOCUMENT_NOT_TRUSTED' });
    const strict = await ask(gateway, body, { method, accept: 'application/graphql-response+json' });
    expect(strict).toMatchObject({ status: 400, code: 'DOCUMENT_NOT_TRUSTED' });
    expect(upstream.received).toHaveLength(callsBefore);
  });

  it.each([
    { of: 'a query that is another document', body: { documentId: shortHash, query: status } },
    {
      of: 'two IDs that differ',
      body: { documentId: shortHash, extensions: { persistedQuery: { sha256Hash: sha256(title) } } },
    },
    { of: 'neither a query nor an ID', body: { variables } },
    { of: "Apollo's extension without a hash", body: { extensions: { persistedQuery: { version: 1 } } } },
  ])('cannot be chosen by $of: BAD_REQUEST, HTTP 400', async ({ body }) => {
    await using gateway = await start();
    const callsBefore = upstream.received.length;
    expect(await ask(gateway, body, { method })).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
    expect(upstream.received).toHaveLength(callsBefore);
  });
});

it('an ID that is not a string is BAD_REQUEST', async () => {
  await using gateway = await start();
  for (const documentId of [7, {}, [shortHash], '', true])
    expect(await ask(gateway, { documentId })).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
});

describe('with TRUSTED_DOCUMENTS_ONLY=false', () => {
  it('other documents are executed, too, and counted', async () => {
    await using gateway = await start({ TRUSTED_DOCUMENTS_ONLY: 'false' });
    expect((await ask(gateway, { query: other })).data).toEqual({ conference: { title: 'Review' } });
    await ask(gateway, { documentId: shortHash, variables });
    const requests = () => gateway.events.filter(({ event }) => event === 'request');
    await expect.poll(requests).toMatchObject([{ document: 'other' }, { document: 'trusted' }]);
  });

  it('an ID that is not in the list is refused if no query comes with it', async () => {
    await using gateway = await start({ TRUSTED_DOCUMENTS_ONLY: 'false' });
    const documentId = sha256(other);
    expect(await ask(gateway, { documentId })).toMatchObject({ code: 'DOCUMENT_NOT_TRUSTED' });
    expect((await ask(gateway, { documentId, query: other })).code).toBeUndefined();
    expect(await ask(gateway, { documentId, query: title })).toMatchObject({ code: 'BAD_REQUEST' });
  });
});

describe.each(methods)('a hash by %s, without a file of trusted documents', (method) => {
  const sha256Hash = sha256(other);
  const extensions = { persistedQuery: { version: 1, sha256Hash } };

  it.each(['application/json', 'application/graphql-response+json'])(
    "is answered with the code that Apollo's clients know, with HTTP 200 as %s",
    async (accept) => {
      await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url });
      for (const body of [{ extensions }, { documentId: `sha256:${sha256Hash}` }]) {
        expect(await ask(gateway, body, { method, accept })).toEqual({
          status: 200,
          code: 'PERSISTED_QUERY_NOT_SUPPORTED',
          message: 'PersistedQueryNotSupported',
        });
      }
    },
  );

  it('is executed if its query comes with it, and refused with another query', async () => {
    await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url });
    const reply = await ask(gateway, { extensions, query: other }, { method });
    expect(reply.data).toEqual({ conference: { title: 'Review' } });
    const foreign = await ask(gateway, { extensions, query: title, variables }, { method });
    expect(foreign).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });
});

describe('the file', () => {
  it('is checked against the schema at the start; the error names each invalid document', async () => {
    const secret = 'query Secret { conference(tempConferenceId: "1") { participantPassword } }';
    const TRUSTED_DOCUMENTS = manifest({
      good: title,
      secret,
      typo: 'query Typo { conferense }',
      none: 'query {',
    });
    const failing = startTestGateway({
      UPSTREAM_URL: upstream.url,
      TRUSTED_DOCUMENTS,
      EXCLUDE_TAGS: 'secret',
    });
    await expect(failing).rejects.toThrow(
      [
        'TRUSTED_DOCUMENTS: secret: Secret: Cannot query field "participantPassword" on type "Conference".',
        'TRUSTED_DOCUMENTS: typo: Typo: Cannot query field "conferense" on type "Query". Did you mean "conference" or "conferences"?',
        'TRUSTED_DOCUMENTS: none: Syntax Error: Expected Name, found <EOF>.',
      ].join('\n'),
    );
  });

  it.each([
    { of: 'a text that is not JSON', text: 'query', problem: 'it is not a JSON object of hash and document' },
    { of: 'a list', text: '[]', problem: 'it is not a JSON object of hash and document' },
    { of: 'another shape', text: '{"a":{}}', problem: 'the value of "a" is not a document' },
  ])('that is $of stops the start', async ({ text, problem }) => {
    const file = manifest(text);
    await expect(start({ TRUSTED_DOCUMENTS: file })).rejects.toThrow(
      `TRUSTED_DOCUMENTS: ${file}: ${problem}`,
    );
  });

  it('that does not exist stops the start', async () => {
    const file = join(folder, 'none.json');
    await expect(start({ TRUSTED_DOCUMENTS: file })).rejects.toThrow(
      `TRUSTED_DOCUMENTS: ${file}: it cannot be read: ENOENT`,
    );
  });

  it('gives each document its SHA-256 as an ID, whatever ID the manifest has', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (documents) => {
        const found = parseManifest(JSON.stringify(documents));
        if (typeof found === 'string') throw new Error(found);
        for (const text of Object.values(documents)) expect(found.get(sha256(text))).toBe(text);
      }),
    );
  });
});
