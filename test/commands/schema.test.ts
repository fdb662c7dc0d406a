import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildSchema, getIntrospectionQuery, buildClientSchema, findBreakingChanges, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { compileCache } from '../support/compile-cache.ts';
import { startTestGateway } from '../support/gateway.ts';

// Federation's own types and directives, and the two fields that routers ask for.
const ofFederation = /\b_|^(link|federation|key|tag)/;

const command = fileURLToPath(new URL('../../src/commands/schema.ts', import.meta.url));

async function printed(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { stdout } = await promisify(execFile)(process.execPath, [command, ...args], {
    env: { ...compileCache, ...env },
  });
  return stdout;
}

/** The fields of Query that an SDL declares. */
const queryFieldsOf = (sdl: string) =>
  parse(sdl).definitions.flatMap((node) =>
    'fields' in node && node.name.value === 'Query' ? (node.fields ?? []).map(({ name }) => name.value) : [],
  );

describe('the schema as clients see it', () => {
  it('is one that graphql itself builds, with nothing of the federation in it', async () => {
    const sdl = await printed(['--client']);
    const schema = buildSchema(sdl);
    expect(sdl).not.toMatch(/@(key|tag|link)|_service|_entities|_Any|federation/);
    const rootFields = Object.keys(schema.getQueryType()?.getFields() ?? {});
    expect(rootFields).toContain('conference');
    expect(rootFields).toEqual(queryFieldsOf(await printed([])));
    expect(schema.getSubscriptionType()).toBeDefined();
  });

  it('keeps what clients go by: descriptions, deprecations and what a scalar is', async () => {
    const sdl = await printed(['--client']);
    expect(sdl).toContain('@specifiedBy(url: "https://scalars.graphql.org/andimarek/date-time")');
    expect(buildSchema(sdl).getType('Conference')?.toString()).toBe('Conference');
    expect(sdl).toContain('People taking part.');
  });

  it('is what introspection shows, but for the fields that routers ask for', async () => {
    await using gateway = await startTestGateway();
    const { data } = await gateway.ask(getIntrospectionQuery(), { token: null });
    const shown = buildClientSchema(data as Parameters<typeof buildClientSchema>[0]);
    const changes = findBreakingChanges(shown, buildSchema(await printed(['--client'])));
    expect(changes.map(({ description }) => description).filter((text) => !ofFederation.test(text))).toEqual(
      [],
    );
  });

  it('leaves out what EXCLUDE_TAGS leaves out', async () => {
    const sdl = await printed(['--client'], { EXCLUDE_TAGS: 'pii,secret' });
    expect(sdl).not.toMatch(/participantPassword|email|mobile/);
    expect(() => buildSchema(sdl)).not.toThrow();
  });
});

it('an option that does not exist is told with how the command is used', async () => {
  await expect(printed(['--clients'])).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('usage: npm run --silent schema [-- --client]'),
  });
});
