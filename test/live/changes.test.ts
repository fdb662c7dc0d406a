import { expect, it } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';
import { record, startTestUpstream } from '../support/upstream.ts';
import { watch } from '../support/event-stream.ts';

it('a viewer of one conference is told of each change', async () => {
  let title = 'one';
  await using upstream = await startTestUpstream((received, response) =>
    record({ title, status: 2 })(received, response),
  );
  await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url, LIVE_INTERVAL_MS: '100' });
  await using viewer = await watch(
    gateway.url,
    'subscription { conference(tempConferenceId: "1") { title } }',
  );
  await viewer.waitFor(1);
  title = 'two';
  await viewer.waitFor(2);
  expect(viewer.data).toEqual([{ conference: { title: 'one' } }, { conference: { title: 'two' } }]);
});
