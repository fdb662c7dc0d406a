import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type DefinitionNode, type DocumentNode, type GraphQLSchema, Kind, parse } from 'graphql';
import type { Domain } from '../domain.ts';
import { resolveEntities } from './entities.ts';

const sharedSchema = new URL('../../../schema/shared.graphql', import.meta.url);

/**
 * The SDL of all domains as one document: for a schema registry, and for the executable schema.
 * `shared` lists the files with the types that the domains have in common.
 */
export function readTypeDefs(
  domains: readonly Domain[],
  shared: readonly URL[] = [sharedSchema],
): DocumentNode {
  const files = [...shared, ...domains.map((domain) => domain.schema)];
  const definitions = files.flatMap(
    (file) => parse(readFileSync(file, 'utf8'), { noLocation: true }).definitions,
  );
  return { kind: Kind.DOCUMENT, definitions: defineRoots(definitions) };
}

/** The executable schema, with federation's `_service` and `_entities`. */
export function createSchema(typeDefs: DocumentNode, domains: readonly Domain[]): GraphQLSchema {
  const noTypeDefs: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };
  return subscribeAsQuery(
    buildSubgraphSchema([
      { typeDefs, resolvers: { Query: { _entities: resolveEntities } } },
      ...domains.map(({ resolvers }) => ({ typeDefs: noTypeDefs, resolvers })),
    ]),
  );
}

// Each domain extends the root types. The printed SDL should define each of them once.
function defineRoots(definitions: readonly DefinitionNode[]): DefinitionNode[] {
  const extensions = definitions.filter((node) => node.kind === Kind.OBJECT_TYPE_EXTENSION);
  const roots = ['Query', 'Subscription'].map((name) => ({
    name,
    extensions: extensions.filter((node) => node.name.value === name),
  }));
  const rest = definitions.filter(
    (node) => !roots.some((root) => root.extensions.some((extension) => extension === node)),
  );
  const afterLinks = rest.findIndex((node) => node.kind !== Kind.SCHEMA_EXTENSION);
  const defined = roots
    .filter((root) => root.extensions.length > 0)
    .map(({ name, extensions }): DefinitionNode => ({
      kind: Kind.OBJECT_TYPE_DEFINITION,
      name: { kind: Kind.NAME, value: name },
      fields: extensions.flatMap((extension) => extension.fields ?? []),
    }));
  return rest.toSpliced(afterLinks, 0, ...defined);
}

/** A field of Subscription repeats the field of Query with the same name, so it uses the same resolver. */
function subscribeAsQuery(schema: GraphQLSchema): GraphQLSchema {
  const queries = schema.getQueryType()?.getFields() ?? {};
  for (const field of Object.values(schema.getSubscriptionType()?.getFields() ?? {})) {
    const resolve = Object.hasOwn(queries, field.name) ? queries[field.name]?.resolve : undefined;
    if (!resolve) throw new Error(`Subscription.${field.name} is no field of Query`);
    field.resolve = resolve;
  }
  return schema;
}
