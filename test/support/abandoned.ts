import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { TestGateway } from './gateway.ts';

/** Opens a socket, sends these bytes and does not wait for an answer. */
export async function open(gateway: TestGateway, bytes: Buffer): Promise<Socket> {
  const socket = connect({ host: gateway.url.hostname, port: Number(gateway.url.port) });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(bytes);
  socket.resume();
  return socket;
}

/** Events of this name so far. */
export const count = (gateway: TestGateway, name: string): number =>
  gateway.events.filter(({ event }) => event === name).length;

/** Sockets and timers that keep this process alive. */
export const resources = (): number =>
  process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap' || name === 'Timeout').length;
