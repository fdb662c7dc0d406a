import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** One complete request. */
export interface Asked {
  readonly token: string | undefined;
  readonly id: string;
  /** Its number among all requests, from 1. */
  readonly nth: number;
  /** Its number on its connection, from 1. */
  readonly nthOnConnection: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** How the server reacts to a request. */
export type Fault = (socket: Socket, asked: Asked) => void;

/** An upstream on plain sockets. It can do what no HTTP library would. */
export interface FaultServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly asked: readonly Asked[];
  /** All connections so far. */
  readonly connections: number;
  /** The open ones. */
  readonly sockets: ReadonlySet<Socket>;
}

/** @param port of an earlier server, to start again on it or to use the same port on another address. */
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
