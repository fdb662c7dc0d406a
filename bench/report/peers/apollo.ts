// Apollo Server as its documentation starts one.
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { type PeerContext, resolvers, tokenOf, typeDefs } from './schema.ts';
import { port } from './settings.ts';

const server = new ApolloServer<PeerContext>({ typeDefs, resolvers });
await startStandaloneServer(server, {
  listen: { port, host: '127.0.0.1' },
  context: async ({ req }) => ({ token: tokenOf(req.headers['token']) }),
});
