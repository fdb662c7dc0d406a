import { readConfig } from '../src/settings/config.ts';
import { startGateway } from '../src/gateway/gateway.ts';
import { worldIds } from '../src/simulator/world.ts';

// Prints the metrics of a gateway that has met everything that the simulator's world holds.

const reading = readConfig({ PORT: '0', METRICS_PORT: '0', UPSTREAM_TIMEOUT_MS: '500' });
if ('mistakes' in reading) throw new Error(reading.mistakes.join('\n'));
let metrics = '';
const gateway = await startGateway(reading.config, {
  emit: (event) => {
    if (event.event === 'started') metrics = event.metrics ?? '';
  },
});
for (const { id } of worldIds) {
  const query = `{ conference(tempConferenceId: "${id}") { title status startTime } }`;
  await fetch(new URL('/graphql', gateway.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', token: 'dev-token' },
    body: JSON.stringify({ query }),
  });
}
process.stdout.write(await (await fetch(metrics)).text());
await gateway.close();
