import { type DocumentNode, Kind, specifiedDirectives, visit } from 'graphql';

const specified: ReadonlySet<string> = new Set(specifiedDirectives.map(({ name }) => name));

/**
 * The schema for clients: without the link to the federation specification and without its directives, so that tools that do not
 * know federation can read it.
 */
export function clientSchema(typeDefs: DocumentNode): DocumentNode {
  return visit(typeDefs, {
    [Kind.SCHEMA_EXTENSION]: () => null,
    [Kind.DIRECTIVE]: ({ name }) => (specified.has(name.value) ? undefined : null),
  });
}
