import { describe, expect, it } from 'vitest';
import type { Plugin } from 'graphql-yoga';
import { startTestGateway } from '../support/gateway.ts';

describe('a router that asks for a trace of the execution', () => {
  it("is heard by an operator's plugin, and no other header is", async () => {
    const seen: Record<string, string>[] = [];
    const plugin: Plugin = {
      onRequest: ({ request }) => void seen.push(Object.fromEntries(request.headers)),
    };
    await using gateway = await startTestGateway({}, { plugins: [plugin] });
    await gateway.ask('{ __typename }', {
      headers: { 'apollo-federation-include-trace': 'ftv1', 'x-request-id': 'mine', cookie: 'a=b' },
    });
    expect(seen).toMatchObject([{ 'apollo-federation-include-trace': 'ftv1' }]);
    for (const name of ['token', 'cookie', 'x-request-id']) expect(seen[0]).not.toHaveProperty(name);
  });
});
