import { expect, it } from 'vitest';
import { startCollector } from '../support/collector.ts';
import { startTestGateway } from '../support/gateway.ts';
import { spansOf } from '../support/otlp.ts';

it('at most OTEL_BSP_MAX_QUEUE_SIZE spans wait for a collector, those of running exports included; the rest count as lost', async () => {
  const released = Promise.withResolvers<void>();
  await using collector = await startCollector(
    (response) => void released.promise.then(() => response.end()),
  );
  const gateway = await startTestGateway({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_BSP_MAX_QUEUE_SIZE: '5',
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '2',
  });
  for (let asked = 0; asked < 4; asked += 1)
    await gateway.ask('{ conference(tempConferenceId: "56039682") { title } }');
  // The first batch is being exported, and gets no answer yet.
  await collector.until(1);
  const closing = gateway.close();
  // The remaining spans are exported at once.
  await collector.until(3);
  released.resolve();
  await closing;
  expect(collector.received.flatMap(spansOf)).toHaveLength(5);
  expect(gateway.events.filter(({ event }) => event === 'spansLost')).toEqual([
    { event: 'spansLost', spans: 1, reason: 'queue full' },
    { event: 'spansLost', spans: 6, reason: 'queue full' },
  ]);
});
