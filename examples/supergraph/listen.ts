import { once } from 'node:events';
import type { Server } from 'node:http';

/** A server that listens on 127.0.0.1. */
export interface Listening {
  /** Where it answers GraphQL. */
  readonly url: string;
  close(): Promise<void>;
}

/** @throws (rejects with) the system's error where it cannot listen. */
export async function listen(server: Server, port: number): Promise<Listening> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}/graphql`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
