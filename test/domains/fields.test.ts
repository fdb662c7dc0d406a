import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';
import { startTestUpstream, type TestUpstream, text } from '../support/upstream.ts';

/** A field of the schema below a conference, and the field of the contract that its description names. */
interface SchemaField {
  readonly path: readonly string[];
  readonly type: string;
  readonly upstream: string;
}

interface IntrospectedType {
  readonly name: string;
  readonly fields: readonly {
    readonly name: string;
    readonly description: string | null;
    readonly type: { readonly name: string | null; readonly ofType: { readonly name: string } | null };
  }[];
}

const example: Readonly<Record<string, unknown>> = JSON.parse(
  readFileSync(new URL('../fixtures/conference-56039682.json', import.meta.url), 'utf8'),
).result;

/** A value of the contract's type for this field. No other field has it, except flags, which have only two values. */
function ownValue(field: string, at: number): unknown {
  if (field === 'tempConferenceId') return '56039682';
  if (field === 'status') return 4;
  if (field.endsWith('Time')) return 1_715_600_000 + at;
  if (typeof example[field] === 'number') return 1000 + at;
  return typeof example[field] === 'boolean' ? field === 'isRecord' : `the ${field}`;
}

const names = Object.keys(example);
const record = Object.fromEntries(names.map((field, at) => [field, ownValue(field, at)]));
const timestamp = 1_774_514_768_581;

/** The value in the answer for a field of this type with a value of the contract. */
function shown(type: string, upstream: string): unknown {
  if (upstream === 'timestamp') return new Date(timestamp).toISOString();
  const value = record[upstream];
  if (type === 'User' || type === 'Organization') return { id: String(value) };
  if (type === 'DateTime') return new Date(Number(value) * 1000).toISOString().replace('.000Z', 'Z');
  if (type === 'ID') return String(value);
  return type === 'ConferenceStatus' ? 'ENDED' : value;
}

let upstream: TestUpstream;
let fields: readonly SchemaField[];
let served: unknown;
beforeAll(async () => {
  const envelope = { status: 0, result: record, msg: 'success', timestamp };
  upstream = await startTestUpstream(text(JSON.stringify(envelope)));
  await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url });
  const { data } = await gateway.ask(
    '{ __schema { types { name fields { name description type { name ofType { name } } } } } }',
  );
  const { types } = (data as { __schema: { types: readonly IntrospectedType[] } }).__schema;

  const below = (typeName: string, above: readonly string[]): SchemaField[] =>
    (types.find(({ name }) => name === typeName)?.fields ?? []).flatMap(({ name, description, type }) => {
      const [, field] = /^Upstream: [^`]*`(\w+)`/m.exec(description ?? '') ?? [];
      const typeOf = type.name ?? type.ofType?.name ?? '';
      const path = [...above, name];
      return field === undefined ? below(typeOf, path) : [{ path, type: typeOf, upstream: field }];
    });
  fields = below('Conference', []);

  const selectionOf = ({ path, type }: SchemaField) => {
    const leaf = type === 'User' || type === 'Organization' ? ' { id }' : '';
    return path.join(' { ') + leaf + ' }'.repeat(path.length - 1);
  };
  const reply = await gateway.ask(
    `{ conference(tempConferenceId: "56039682") { ${fields.map(selectionOf).join(' ')} } }`,
  );
  expect(reply.errors).toEqual([]);
  served = (reply.data as { conference: unknown }).conference;
});
afterAll(() => upstream[Symbol.asyncDispose]());

describe('a field of the schema', () => {
  it.each([...names, 'timestamp'])(
    'serves %s, and no other field of the contract, where it says so',
    (name) => {
      const ofThis = fields.filter((field) => field.upstream === name);
      expect(ofThis).not.toEqual([]);
      for (const { path, type } of ofThis) {
        expect(served, path.join('.')).toHaveProperty([...path], shown(type, name));
      }
    },
  );

  it('could not be taken for another: each has a value of its own', () => {
    const values = names.filter((name) => typeof record[name] !== 'boolean').map((name) => record[name]);
    expect(new Set(values).size).toBe(values.length);
    expect(fields.length).toBeGreaterThan(names.length);
  });
});
