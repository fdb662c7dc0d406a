import type { GraphQLSchemaModule } from '@apollo/subgraph';

/** A part of the graph with an upstream endpoint of its own: a schema file and the resolvers of its types. */
export interface Domain {
  readonly name: string;
  /** Its SDL. Root fields are added with `extend type Query`. */
  readonly schema: URL;
  /** By type and field. `__resolveReference` makes a type an entity that `_entities` answers. */
  readonly resolvers: NonNullable<GraphQLSchemaModule['resolvers']>;
}
