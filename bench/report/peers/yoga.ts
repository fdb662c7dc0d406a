// GraphQL Yoga as its documentation starts one.
import { createServer } from 'node:http';
import { createSchema, createYoga, type YogaInitialContext } from 'graphql-yoga';
import { type PeerContext, resolvers, tokenOf, typeDefs } from './schema.ts';
import { port } from './settings.ts';

const yoga = createYoga({
  schema: createSchema<YogaInitialContext & PeerContext>({ typeDefs, resolvers }),
  context: ({ request }): PeerContext => ({ token: tokenOf(request.headers.get('token') ?? undefined) }),
});

createServer(yoga).listen(port, '127.0.0.1');
