import { expect, it } from 'vitest';
import { domains } from '../../src/gateway/domains.ts';
import { agingDomain } from '../fixtures/aging/aging.ts';
import { startTestGateway } from '../support/gateway.ts';
import { metricsUrl } from '../support/metrics.ts';
import { openAcknowledged } from '../support/socket.ts';

it('a client that sends its name in connection_init is counted by it, as are its uses of deprecated fields', async () => {
  await using gateway = await startTestGateway(
    { METRICS_PORT: '0', CLIENTS: 'mobile' },
    { domains: [...domains, agingDomain] },
  );
  const peer = await openAcknowledged(gateway.url, {
    token: 'anna',
    'apollographql-client-name': 'mobile',
  });
  peer.subscribe('1', '{ aging { old } }');
  await peer.next('complete');
  peer.subscribe('2', 'subscription { conference(tempConferenceId: "56039682") { title } }');
  await peer.next('next', '2');
  peer.socket.terminate();
  const metrics = await (await fetch(metricsUrl(gateway))).text();
  expect(metrics).toContain('gateway_client_requests_total{client="mobile",outcome="ok"} 2');
  expect(metrics).toContain('gateway_deprecated_uses_total{coordinate="Aging.old",client="mobile"} 1');
});
