import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';

it('an idle connection is closed within 5 s, however long the upstream would keep it open', async () => {
  // Node's server hints at its time in the answer's `keep-alive` header.
  const upstream = createServer(
    { keepAliveTimeout: 60_000 },
    (request, response) => void request.resume().on('end', () => response.end('{"status":0,"result":{}}')),
  ).listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const { port } = upstream.address() as AddressInfo;
  await using gateway = await startTestGateway({ UPSTREAM_URL: `http://127.0.0.1:${port}` });
  expect((await gateway.ask('{ conference(tempConferenceId: "1") { title } }')).errors).toEqual([]);
  const open = promisify(upstream.getConnections.bind(upstream));
  expect(await open()).toBe(1);
  // 3 s more than promised, for a busy machine.
  await expect.poll(() => open(), { timeout: 8000 }).toBe(0);
  upstream.close();
});
