import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { getIntrospectionQuery, parse, print } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileCache } from '../support/compile-cache.ts';
import { SettingError } from '../../src/base/setting-error.ts';
import { excludeTags } from '../../src/graphql/schema/exclude-tags.ts';
import { codesOf, startTestGateway, type TestGateway } from '../support/gateway.ts';

const excluded = ['participantPassword', 'email', 'mobile', 'ip', 'location'];
const named = (text: string, field: string) => new RegExp(`"${field}"|\\b${field}:`).test(text);

describe('with EXCLUDE_TAGS=pii,secret', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ EXCLUDE_TAGS: 'pii,secret' });
  });
  afterAll(() => gateway.close());

  it.each([
    { where: 'a query', selection: 'participantPassword' },
    { where: 'a query below', selection: 'host { email }' },
  ])('a tagged field cannot be selected by $where', async ({ selection }) => {
    const reply = await gateway.ask(`{ conference(tempConferenceId: "56039682") { ${selection} } }`);
    expect(codesOf(reply)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });

  it('fields without the tags are served as before', async () => {
    const reply = await gateway.ask(
      '{ conference(tempConferenceId: "56039682") { title host { organization { id } } } }',
    );
    expect(reply.data).toEqual({
      conference: { title: '产品发布会', host: { organization: { id: '2001' } } },
    });
  });

  it('neither introspection nor _service nor the schema command names a tagged field', async () => {
    const introspection = await gateway.ask(getIntrospectionQuery());
    const service = await gateway.ask('{ _service { sdl } }');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [fileURLToPath(new URL('../../src/commands/schema.ts', import.meta.url))],
      { env: { ...compileCache, EXCLUDE_TAGS: 'pii,secret' } },
    );
    for (const text of [JSON.stringify(introspection.data), JSON.stringify(service.data), stdout]) {
      expect(text).toContain('isRecorded');
      expect(excluded.filter((field) => named(text, field))).toEqual([]);
    }
  });
});

describe('a schema without the parts that have a tag', () => {
  it.each([
    {
      what: 'a type that it leaves empty, and fields of that type',
      sdl: 'type Query { a: A b: Int } type A { b: [B!]! } type B { c: Int @tag(name: "x") }',
      rest: 'type Query { b: Int }',
    },
    {
      what: 'a tagged type with its extensions, in unions and interfaces too',
      sdl: 'type Query { u: U a: A } union U = A | B type A { a: Int } type B implements I { a: Int } extend type B { b: Int } interface I @tag(name: "x") { a: Int } extend type B @tag(name: "x")',
      rest: 'type Query { u: U a: A } union U = A type A { a: Int }',
    },
    {
      what: 'an argument, and a field that cannot be asked without it',
      sdl: 'type Query { a(b: Int @tag(name: "x"), c: In): Int d(e: In!): Int } input In { f: Int @tag(name: "x") }',
      rest: 'type Query { a: Int }',
    },
    {
      what: 'a value of an enum',
      sdl: 'type Query { e: E } enum E { A B @tag(name: "x") }',
      rest: 'type Query { e: E } enum E { A }',
    },
    {
      what: 'an extension that it leaves empty, but not the type',
      sdl: 'type Query { a: Int } extend type Query { b: Int @tag(name: "x") }',
      rest: 'type Query { a: Int }',
    },
    {
      what: 'nothing that carries another tag',
      sdl: 'type Query { a: Int @tag(name: "y") b: S c: Int @tag(name: "x") } scalar S',
      rest: 'type Query { a: Int @tag(name: "y") b: S } scalar S',
    },
  ])('loses $what', ({ sdl, rest }) => {
    expect(print(excludeTags(parse(sdl), ['x']))).toBe(print(parse(rest)));
  });

  it('with a tag that it does not have: the start fails with a list of its tags', () => {
    const sdl = parse('type Query { a: Int @tag(name: "pii") b: Int }');
    expect(() => excludeTags(sdl, ['pi'])).toThrow(
      new SettingError('EXCLUDE_TAGS: the schema has no tag "pi"; its tags are pii'),
    );
  });

  it.each([
    { key: 'id', named: 'A.id' },
    { key: 'b { c }', named: 'B.c' },
  ])('cannot lose a field of a key ($key): the start fails and names it', ({ key, named }) => {
    const tag = (field: string) => (named === field ? '@tag(name: "x")' : '');
    const sdl = `type A @key(fields: "${key}") { id: ID! ${tag('A.id')} b: B } type B { c: ID ${tag('B.c')} d: Int }`;
    expect(() => excludeTags(parse(sdl), ['x'])).toThrow(
      `EXCLUDE_TAGS: x removes ${named}, which is part of the key of A`,
    );
  });
});
