import { type DocumentNode, Kind, specifiedDirectives, visit } from 'graphql';

const specified: ReadonlySet<string> = new Set(specifiedDirectives.map(({ name }) => name));

/**
 * The schema as clients see it: without the link to the federation's specification and without its directives, so that
 * tools which know GraphQL alone can build it.
 */
export function clientSchema(typeDefs: DocumentNode): DocumentNode {
  return visit(typeDefs, {
    [Kind.SCHEMA_EXTENSION]: () => null,
    [Kind.DIRECTIVE]: ({ name }) => (specified.has(name.value) ? undefined : null),
  });
}
