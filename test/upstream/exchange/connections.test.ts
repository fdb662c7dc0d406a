import { describe, expect, it } from 'vitest';
import { createConnections } from '../../../src/upstream/exchange/connections.ts';
import { exchange } from '../../../src/upstream/exchange/exchange.ts';
import { createTestClock } from '../../support/clock.ts';
import { startFaultServer } from '../../support/fault-server.ts';
import { well } from '../../support/faults.ts';

const question = { path: '/', headers: ['content-length', '2'], body: '{}' };
const limits = { maxBytes: 1000, signal: new AbortController().signal };

/** A server, and a connection to it that has had one good answer. */
async function answered() {
  const server = await startFaultServer(() => well);
  const connections = createConnections({ url: new URL(server.url), reuse: true, clock: createTestClock() });
  const connection = connections.take(5000);
  expect(await exchange(connection, question, limits)).toMatchObject({ kind: 'answered' });
  return {
    connections,
    connection,
    server,
    async [Symbol.asyncDispose]() {
      connections.close();
      connection.destroy();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe('a connection that is given back after its answer', () => {
  it('is taken by the next call', async () => {
    await using scene = await answered();
    scene.connections.giveBack(scene.connection);
    expect(scene.connections.take(5000)).toBe(scene.connection);
  });

  it('is taken before those that were given back earlier', async () => {
    await using scene = await answered();
    const earlier = scene.connections.open(5000);
    scene.connections.giveBack(earlier);
    scene.connections.giveBack(scene.connection);
    expect(scene.connections.take(5000)).toBe(scene.connection);
    expect(scene.connections.take(5000)).toBe(earlier);
    earlier.destroy();
  });

  it.each([
    { how: 'closed', act: 'end' },
    { how: 'reset', act: 'resetAndDestroy' },
  ] as const)('is not taken if the upstream has $how it meanwhile', async ({ how, act }) => {
    await using scene = await answered();
    for (const socket of scene.server.sockets) socket[act]();
    await expect.poll(() => scene.connection.end, { interval: 1 }).toBe(how);
    scene.connections.giveBack(scene.connection);
    expect(scene.connections.take(5000)).not.toBe(scene.connection);
  });
});
