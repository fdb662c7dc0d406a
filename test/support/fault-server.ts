import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** One request as it came in whole. */
export interface Asked {
  readonly token: string | undefined;
  readonly id: string;
  /** Of all requests, from 1 on. */
  readonly nth: number;
  /** Of those on its connection, from 1 on. */
  readonly nthOnConnection: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a server does to one who asks. */
export type Fault = (socket: Socket, asked: Asked) => void;

/** An upstream on bare sockets, that does what no HTTP library would. */
export interface FaultServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly asked: readonly Asked[];
  /** Connections that were ever made. */
  readonly connections: number;
  /** Those that are open now. */
  readonly sockets: ReadonlySet<Socket>;
}

/** @param port for a server that comes back where another was, or has its port on another address. */
export async function startFaultServer(
  choose: (asked: Asked) => Fault,
  port = 0,
  host = '127.0.0.1',
): Promise<FaultServer> {
  const asked: Asked[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;

  const server = createServer({ noDelay: true }, (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    let bytes = Buffer.alloc(0);
    let nthOnConnection = 0;
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      for (let request = readRequest(bytes); request; request = readRequest(bytes)) {
        bytes = bytes.subarray(request.length);
        nthOnConnection += 1;
        const one: Asked = { ...request, nth: asked.length + 1, nthOnConnection };
        asked.push(one);
        choose(one)(socket, one);
      }
    });
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address() as AddressInfo;

  return {
    url: `http://${host}:${address.port}`,
    port: address.port,
    asked,
    sockets,
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function readRequest(bytes: Buffer) {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [, ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const headers: Record<string, string> = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
  const length = end + 4 + Number(headers['content-length'] ?? 0);
  if (bytes.length < length) return undefined;
  const body: Record<string, string> = JSON.parse(bytes.toString('utf8', end + 4, length));
  return { length, headers, token: headers['token'] ?? body['token'], id: body['tempConferenceId'] ?? '' };
}
