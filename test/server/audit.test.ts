import { readFileSync } from 'node:fs';
import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

let development: TestGateway;
let production: TestGateway;
beforeAll(async () => {
  development = await startTestGateway();
  production = await startTestGateway({
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    UPSTREAM_URL: 'http://127.0.0.1:1',
  });
});
afterAll(async () => {
  await development.close();
  await production.close();
});

describe('GraphQL over HTTP in development', () => {
  it.each(serverAudits({ url: () => development.url.href }))('$id $name', async ({ fn }) => {
    expect(await fn()).toMatchObject({ status: 'ok' });
  });
});

describe('GraphQL over HTTP in production', () => {
  it('differs only in the audits that docs/security.md names', async () => {
    const page = readFileSync(new URL('../../docs/security.md', import.meta.url), 'utf8');
    const audits = serverAudits({ url: () => production.url.href });
    const results = await Promise.all(
      audits.map(async ({ id, fn }) => ({ id, status: (await fn()).status })),
    );
    const differing = results.filter(({ status }) => status !== 'ok').map(({ id }) => id);
    const named = [...page.matchAll(/^\| `([0-9A-F]{4})` /gm)].map(([, id]) => id ?? '');
    expect(named.toSorted()).toEqual(differing.toSorted());
  });
});
