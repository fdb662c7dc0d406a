import {
  execute,
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isObjectType,
  parse,
} from 'graphql';
import { isObject } from '../../base/is-object.ts';
import { conference } from '../../domains/conference/conference.ts';
import { Operation } from '../../graphql/operation.ts';
import { createSchema, readTypeDefs } from '../../graphql/schema/schema.ts';
import type { Answer } from '../../upstream/answer/answer.ts';

/** A field of the GraphQL schema, and the field of the contract that it is made from. */
export interface SchemaField {
  /** The path below the conference: `host.user`. */
  readonly path: string;
  /** The contract's field, as the schema's description names it, with its path in the answer: `result.hostId`. */
  readonly upstream: string;
  /** Of GraphQL: `Int`. */
  readonly type: string;
  /** What the schema's description says before it names the upstream's field. */
  readonly meaning: string;
  /** Whether the schema tags it as personal data or as a secret. */
  readonly isPersonal: boolean;
}

/** A field's value, or the code of its error. */
export type Made = { readonly value: unknown } | { readonly code: unknown };

const schema = createSchema(readTypeDefs([conference]), [conference]);

/** Every field that is made from the contract's answer. The descriptions in the schema say which field is made from which. */
export const schemaFields: readonly SchemaField[] = fieldsBelow(typeNamed('Conference'), []);

function fieldsBelow(type: GraphQLObjectType, above: readonly string[]): SchemaField[] {
  return Object.values(type.getFields()).flatMap((field) => {
    const path = [...above, field.name];
    const [, ofEnvelope, name] = /^Upstream: (the envelope's )?`(\w+)`/m.exec(field.description ?? '') ?? [];
    const upstream = ofEnvelope ? name : name && `result.${name}`;
    if (upstream !== undefined) {
      const [meaning = ''] = (field.description ?? '').split('Upstream: ');
      return {
        path: path.join('.'),
        upstream,
        type: String(field.type),
        meaning: meaning.trim().replaceAll('\n', ' '),
        isPersonal: isPersonal(field),
      };
    }
    const below = getNamedType(field.type);
    return isObjectType(below) ? fieldsBelow(below, path) : [];
  });
}

function isPersonal({ astNode, type }: GraphQLField<unknown, unknown>): boolean {
  const tags = astNode?.directives?.filter(({ name }) => name.value === 'tag') ?? [];
  // A reference to a user has no tag in the schema, but in a report it identifies a person.
  return tags.length > 0 || getNamedType(type).name === 'User';
}

function typeNamed(name: string): GraphQLObjectType {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`the schema has no type ${name}`);
  return type;
}

/** The values and errors that a client gets for this answer if it selects every field, by the field's path. */
export async function makeFields(id: string, answer: Answer): Promise<ReadonlyMap<string, Made>> {
  const { signal } = new AbortController();
  const settled = { outcome: answer, waitedMs: 0, durationMs: 0, attempts: 1, shared: false };
  const request = { signal, requestId: '', traceparent: undefined, trace: undefined };
  const operation = new Operation({ call: async () => settled }, request, {
    maxCalls: 1,
    maxBytes: Infinity,
    maxFields: Infinity,
  });
  const { data, errors = [] } = await execute({
    schema,
    document: parse(`query ($id: ID!) { conference(tempConferenceId: $id) ${selectionOf('Conference')} }`),
    variableValues: { id },
    contextValue: { operation },
  });
  return new Map(
    schemaFields.map(({ path }) => {
      const error = errors.find((error) => error.path?.slice(1).join('.') === path);
      return [
        path,
        error ? { code: error.extensions['code'] } : { value: valueAt(data?.['conference'], path) },
      ];
    }),
  );
}

function selectionOf(typeName: string): string {
  const fields = Object.values(typeNamed(typeName).getFields()).map(({ name, type }) => {
    const below = getNamedType(type);
    return isObjectType(below) ? `${name} ${selectionOf(below.name)}` : name;
  });
  return `{ ${fields.join(' ')} }`;
}

function valueAt(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), value);
}
