// Mercurius with its just-in-time compiler: the fastest of the servers for Node that people use.
import Fastify from 'fastify';
import mercurius from 'mercurius';
import { type PeerContext, resolvers, tokenOf, typeDefs } from './schema.ts';
import { port } from './settings.ts';

declare module 'mercurius' {
  interface MercuriusContext extends PeerContext {}
}

const app = Fastify();
app.register(mercurius, {
  schema: typeDefs,
  resolvers,
  jit: 1,
  context: ({ headers }) => ({ token: tokenOf(headers['token']) }),
});
await app.listen({ port, host: '127.0.0.1' });
