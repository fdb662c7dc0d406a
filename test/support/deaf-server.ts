import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

/** A server that drops all SYNs, as a dead host or a broken route does: its queue of connections is full, and nobody accepts. */
export interface DeafServer extends AsyncDisposable {
  readonly port: number;
  /** Accepts from now on, and answers as an upstream that is well. */
  hear(): void;
}

// Its thread sleeps until it is to hear. The kernel goes on completing connections, as many as the queue takes.
const program = `
  const { createServer } = require('node:net');
  const { parentPort, workerData: { host, awake } } = require('node:worker_threads');
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      const [, token] = /^token: (.*)$/im.exec(String(bytes)) ?? [];
      const body = JSON.stringify({ status: 0, result: { title: token } });
      socket.end('HTTP/1.1 200 OK\\r\\nconnection: close\\r\\ncontent-length: ' + Buffer.byteLength(body) + '\\r\\n\\r\\n' + body);
    });
  });
  server.listen({ host, port: 0, backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    setImmediate(() => Atomics.wait(awake, 0, 0));
  });
`;

export async function startDeafServer(host: string): Promise<DeafServer> {
  const awake = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(program, { eval: true, workerData: { host, awake } });
  const [port] = await once(worker, 'message');
  const fillers: Socket[] = [];
  // Until one finds no room: it stays unconnected for a while.
  for (let isFull = false; !isFull;) {
    const socket = connect({ host, port });
    socket.on('error', () => undefined);
    fillers.push(socket);
    isFull = await Promise.race([
      once(socket, 'connect').then(() => false),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(true), 200)),
    ]);
  }
  const hear = () => {
    for (const socket of fillers) socket.destroy();
    Atomics.store(awake, 0, 1);
    Atomics.notify(awake, 0);
  };
  return {
    port,
    hear,
    async [Symbol.asyncDispose]() {
      hear();
      await worker.terminate();
    },
  };
}
