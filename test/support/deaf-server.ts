import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

/** A server that drops all SYNs, as a dead host or a broken route does: its backlog is full, and it accepts no connection. */
export interface DeafServer extends AsyncDisposable {
  readonly port: number;
  /** From now on it accepts connections, and gives good answers. */
  hear(): void;
}

// The thread of the server sleeps until `hear`. Meanwhile, the kernel completes connections until the backlog is full.
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
  // Until the backlog is full: then the newest socket stays unconnected for a while.
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
