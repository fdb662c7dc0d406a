import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { buildSubgraphSchema, type GraphQLSchemaModule } from '@apollo/subgraph';
import { parse } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { listen, type Listening } from './listen.ts';

/** A small subgraph of this example: a schema file and its resolvers. */
export interface Subgraph {
  readonly name: string;
  readonly schema: URL;
  readonly resolvers: NonNullable<GraphQLSchemaModule['resolvers']>;
}

/** Serves it at `/graphql`. */
export function startSubgraph({ schema, resolvers }: Subgraph, port: number): Promise<Listening> {
  const typeDefs = parse(readFileSync(schema, 'utf8'));
  const yoga = createYoga({
    schema: buildSubgraphSchema([{ typeDefs, resolvers }]),
    graphiql: false,
    landingPage: false,
    logging: false,
  });
  return listen(createServer(yoga), port);
}
