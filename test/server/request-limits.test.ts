import { once } from 'node:events';
import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Plugin } from 'graphql-yoga';
import { startTestGateway } from '../support/gateway.ts';
import { startTestUpstream, text } from '../support/upstream.ts';

const query = JSON.stringify({ query: '{ __typename }' });
const post = (url: URL, body: string) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });

it('a body of exactly MAX_REQUEST_BYTES is read, and one more byte is refused', async () => {
  await using gateway = await startTestGateway({ MAX_REQUEST_BYTES: '100' });
  expect((await post(gateway.url, query.padEnd(100))).status).toBe(200);
  expect((await post(gateway.url, query.padEnd(101))).status).toBe(413);
});

it('plugins of Yoga see no credential', async () => {
  const seen: string[] = [];
  const spy: Plugin = {
    onRequest({ request }) {
      seen.push(...[...request.headers].map(([name, value]) => `${name}: ${value}`));
    },
  };
  await using gateway = await startTestGateway({}, { plugins: [spy] });
  for (const headers of [{ token: 'secret-1' }, { authorization: 'Bearer secret-1' }])
    await gateway.ask('{ __typename }', { token: null, headers: { ...headers, cookie: 'secret-1' } });
  expect(seen).toContainEqual(expect.stringMatching(/^accept: /));
  expect(seen.join('\n')).not.toMatch(/secret|token|authorization|cookie/i);
});

it('an answer that is still being made when the drain starts closes its connection', async () => {
  const asked = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  await using upstream = await startTestUpstream(async (received, response) => {
    asked.resolve();
    await release.promise;
    text('{"status":0,"result":{"title":"x"}}')(received, response);
  });
  const gateway = await startTestGateway({ UPSTREAM_URL: upstream.url, DRAIN_TIMEOUT_MS: '5000' });
  const reply = gateway.ask('{ conference(tempConferenceId: "1") { title } }');
  await asked.promise;
  const closed = gateway.close();
  release.resolve();
  expect((await reply).headers.get('connection')).toBe('close');
  await closed;
});

describe('a request that is refused before its body has come', () => {
  it.each([
    { announced: 131_072, connection: 'keep-alive' },
    { announced: 131_073, connection: 'close' },
  ])(
    'keeps its connection only where little is left: with $announced bytes to come it says $connection',
    async ({ announced, connection }) => {
      await using gateway = await startTestGateway();
      const sent = request(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'text/plain', 'content-length': announced },
      });
      sent.on('error', () => undefined);
      sent.flushHeaders();
      const [response] = await once(sent, 'response');
      expect(response.statusCode).toBe(415);
      expect(response.headers.connection).toBe(connection);
      sent.destroy();
    },
  );
});
