import { readFileSync } from 'node:fs';
import { Kind, type ObjectTypeDefinitionNode, print } from 'graphql';
import { describe, expect, it } from 'vitest';
import { conference } from '../../src/domains/conference/conference.ts';
import { conferenceContract } from '../../src/domains/conference/contract.ts';
import { domains } from '../../src/gateway/domains.ts';
import type { Domain } from '../../src/graphql/domain.ts';
import { readTypeDefs } from '../../src/graphql/schema/schema.ts';
import { exampleRecord } from '../../src/simulator/example.ts';
import type { RecordContract, ValueShape } from '../../src/upstream/contract.ts';

const example: { readonly result: object } = JSON.parse(
  readFileSync(new URL('../fixtures/conference-56039682.json', import.meta.url), 'utf8'),
);

// Entities of other subgraphs: their owners describe them. Two different descriptions of a type give hints in the composition.
const isStub = ({ directives = [] }: ObjectTypeDefinitionNode) =>
  directives.map(print).join().includes('resolvable: false');

/** All fields that these domains describe. */
function fieldsOf(served: readonly Domain[]) {
  const types = readTypeDefs(served)
    .definitions.filter((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION)
    .filter((type) => !isStub(type));
  return types.flatMap((type) =>
    (type.fields ?? []).map((field) => ({
      name: `${type.name.value}.${field.name.value}`,
      description: field.description?.value ?? '',
      root: type.name.value === 'Query' || type.name.value === 'Subscription',
      // Fields that group a part of the same record, such as `host`.
      groups: types.some(({ name }) => name.value === print(field.type).replaceAll(/\W/g, '')),
    })),
  );
}

const fields = fieldsOf(domains);

const upstreamFields = (description: string) =>
  [...description.matchAll(/^Upstream: [^`]*`(\w+)`/gm)].map(([, name = '']) => name);

describe('the schema', () => {
  it.each(fields)('says in words what $name is', ({ description }) => {
    expect(description).toMatch(/\w+.*\.$/s);
  });

  it.each(fields.filter(({ root, groups }) => !root && !groups))(
    "names the upstream's field behind $name",
    ({ description }) => {
      expect(upstreamFields(description)).toHaveLength(1);
    },
  );
});

describe('each field of src/domains/conference/contract.ts', () => {
  const described = fieldsOf([conference]).flatMap(({ description }) => upstreamFields(description));
  const contract: RecordContract<ValueShape> = conferenceContract;
  const all = Object.keys(contract);
  const required = all.filter((name) => !contract[name]?.optional);
  it.each([
    { file: 'schema/conference.graphql', names: described.filter((name) => name !== 'timestamp'), must: all },
    { file: 'src/simulator/example.ts', names: Object.keys(exampleRecord), must: required },
    {
      file: 'test/fixtures/conference-56039682.json',
      names: Object.keys(example.result),
      must: required,
    },
  ])('is in $file unless it may be absent there, and none beside them', ({ names, must }) => {
    expect(must.filter((name) => !names.includes(name))).toEqual([]);
    expect(names.filter((name) => !all.includes(name))).toEqual([]);
  });

  it('has beside it only the timestamp of the envelope in schema/conference.graphql', () => {
    expect(described).toContain('timestamp');
  });
});
