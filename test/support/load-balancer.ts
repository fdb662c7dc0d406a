import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Agent, request } from 'undici';

/** A typical load balancer: keeps connections open, checks readiness, and retries no request that it has sent. */
export interface LoadBalancer extends AsyncDisposable {
  readonly url: string;
  /** Resolves as soon as this many replicas are ready. */
  untilReady(replicas: number): Promise<void>;
}

const checkEveryMs = 50;

/** @param replicas are origins; each is in use while its `/readyz` answers 200. */
export async function startLoadBalancer(replicas: readonly string[]): Promise<LoadBalancer> {
  const ready = new Set<string>();
  const agent = new Agent({ connections: 64 });
  let turn = 0;

  const check = async (replica: string) => {
    // Health checks use a new connection each time.
    const response = await fetch(`${replica}/readyz`, { headers: { connection: 'close' } }).catch(
      () => undefined,
    );
    if (response?.ok) ready.add(replica);
    else ready.delete(replica);
  };
  const checking = setInterval(() => replicas.map(check), checkEveryMs);

  const forward = async (client: IncomingMessage, response: ServerResponse) => {
    const body = await buffer(client);
    const [...candidates] = ready;
    const replica = candidates[turn++ % candidates.length];
    try {
      if (replica === undefined) throw new Error('no replica is ready');
      const answer = await request(`${replica}${client.url}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', token: 'token' },
        body,
        dispatcher: agent,
      });
      const bytes = await answer.body.arrayBuffer();
      response.writeHead(answer.statusCode).end(Buffer.from(bytes));
    } catch (error) {
      response.writeHead(502).end(String(error));
    }
  };
  const server = createServer((client, response) => void forward(client, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async untilReady(count) {
      while (ready.size < count) await new Promise((resolve) => setTimeout(resolve, checkEveryMs));
    },
    async [Symbol.asyncDispose]() {
      clearInterval(checking);
      server.closeAllConnections();
      server.close();
      await agent.destroy();
    },
  };
}
