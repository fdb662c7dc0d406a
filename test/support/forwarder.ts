import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP load balancer: each connection goes to the first origin that accepts it. It does not read the bytes. */
export interface Forwarder extends AsyncDisposable {
  readonly url: string;
}

export async function startForwarder(origins: readonly URL[]): Promise<Forwarder> {
  const open = new Set<Socket>();
  const forward = async (client: Socket) => {
    for (const { hostname, port } of origins) {
      const replica = connect({ host: hostname, port: Number(port) });
      try {
        await once(replica, 'connect');
      } catch {
        continue;
      }
      replica.on('error', () => client.destroy()).once('close', () => client.destroySoon());
      client.once('close', () => replica.destroy());
      client.pipe(replica).pipe(client);
      return;
    }
    client.destroy();
  };
  const server = createServer((client) => {
    open.add(client);
    client.on('error', () => undefined).once('close', () => open.delete(client));
    void forward(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    async [Symbol.asyncDispose]() {
      server.close();
      for (const client of open) client.destroy();
    },
  };
}
