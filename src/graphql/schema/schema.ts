import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type DefinitionNode, type DocumentNode, type GraphQLSchema, Kind, parse } from 'graphql';
import type { Domain } from '../domain.ts';
import { resolveEntities } from './entities.ts';

const sharedSchema = new URL('../../../schema/shared.graphql', import.meta.url);

/**
 * The SDL of all domains as one document: what a registry is given and what the executable schema is built of.
 * `shared` are the files of what the domains have in common.
 */
export function readTypeDefs(
  domains: readonly Domain[],
  shared: readonly URL[] = [sharedSchema],
): DocumentNode {
  const files = [...shared, ...domains.map((domain) => domain.schema)];
  const definitions = files.flatMap(
    (file) => parse(readFileSync(file, 'utf8'), { noLocation: true }).definitions,
  );
  return { kind: Kind.DOCUMENT, definitions: defineQuery(definitions) };
}

/** The executable schema, with the federation's `_service` and `_entities`. */
export function createSchema(typeDefs: DocumentNode, domains: readonly Domain[]): GraphQLSchema {
  const noTypeDefs: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };
  return buildSubgraphSchema([
    { typeDefs, resolvers: { Query: { _entities: resolveEntities } } },
    ...domains.map(({ resolvers }) => ({ typeDefs: noTypeDefs, resolvers })),
  ]);
}

// Each domain extends Query; who reads the printed SDL expects to find it defined, once.
function defineQuery(definitions: readonly DefinitionNode[]): DefinitionNode[] {
  const extensions = definitions.filter((node) => node.kind === Kind.OBJECT_TYPE_EXTENSION);
  const ofQuery = extensions.filter((node) => node.name.value === 'Query');
  const rest = definitions.filter((node) => !ofQuery.some((extension) => extension === node));
  const afterLinks = rest.findIndex((node) => node.kind !== Kind.SCHEMA_EXTENSION);
  return rest.toSpliced(afterLinks, 0, {
    kind: Kind.OBJECT_TYPE_DEFINITION,
    name: { kind: Kind.NAME, value: 'Query' },
    fields: ofQuery.flatMap((extension) => extension.fields ?? []),
  });
}
