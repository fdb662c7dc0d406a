import { describe, expect, it } from 'vitest';
import { startFaultServer } from '../support/fault-server.ts';
import { well } from '../support/faults.ts';
import { codesOf, startTestGateway } from '../support/gateway.ts';

/** The promise, and a margin for a busy machine. */
const refusedMs = 100;
const marginMs = 200;

describe('a gateway whose upstream is down', () => {
  it('answers UPSTREAM_UNAVAILABLE in time, and stays alive and ready', async () => {
    const { port, url } = await goneServer();
    await using gateway = await startTestGateway({ UPSTREAM_URL: url });
    const ask = () => gateway.ask('{ conference(tempConferenceId: "1") { title } }');
    const probe = async (path: string) => (await fetch(new URL(path, gateway.url))).status;
    await ask();

    const startedAt = performance.now();
    const reply = await ask();
    expect(performance.now() - startedAt).toBeLessThan(refusedMs + marginMs);
    expect(reply).toMatchObject({ status: 200, data: { conference: null } });
    expect(codesOf(reply)).toEqual(['UPSTREAM_UNAVAILABLE']);
    // Enough requests to open the circuit.
    for (let nth = 0; nth < 30; nth++) await ask();
    expect(await Promise.all(['/livez', '/readyz'].map(probe))).toEqual([200, 200]);

    await using server = await startFaultServer(() => well, port);
    await expect
      .poll(async () => (await ask()).data, { timeout: 5000 })
      .toEqual({
        conference: { title: 'test-token' },
      });
    expect(server.asked.length).toBeGreaterThan(0);
  });
});

/** The address of a server that is closed, and starts again later. */
async function goneServer() {
  await using server = await startFaultServer(() => well);
  return { port: server.port, url: server.url };
}
