import { describe, expect, it } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';
import { scrape } from '../support/metrics.ts';
import { record, startTestUpstream } from '../support/upstream.ts';

const conference = (id: string) => `{ conference(tempConferenceId: "${id}") { title } }`;

/** The header's values by name, as a browser's network panel reads them. */
function read(header: string | null): Record<string, number> {
  const entries = [...(header ?? '').matchAll(/(\w+);(?:dur=([\d.]+)|desc="(\d+)")(?:, |$)/gy)];
  return Object.fromEntries(entries.map(([, name, ms, count]) => [name, Number(ms ?? count)]));
}

describe('Server-Timing', () => {
  it('outside production says in milliseconds how the time of an answer was spent', async () => {
    const asked = Promise.withResolvers<() => void>();
    await using upstream = await startTestUpstream((received, response) => {
      if (received.id === 'second') record()(received, response);
      else asked.resolve(() => record()(received, response));
    });
    await using gateway = await startTestGateway({
      UPSTREAM_URL: upstream.url,
      UPSTREAM_CONCURRENCY: '1',
      METRICS_PORT: '0',
    });
    const first = gateway.ask(conference('first'));
    const answer = await asked.promise;
    const shared = gateway.ask(conference('first'));
    const second = gateway.ask(conference('second'));
    const waiting = async () => (await scrape(gateway)).values.get('gateway_upstream_waiting');
    await expect.poll(waiting).toBe(1);
    answer();

    const timing = read((await first).headers.get('server-timing'));
    expect(Object.keys(timing)).toEqual(['total', 'upstream', 'waiting', 'shared']);
    expect(timing['upstream']).toBeGreaterThan(0);
    expect(timing['total']).toBeGreaterThanOrEqual(timing['upstream'] ?? Infinity);
    expect(timing['shared']).toBe(0);
    expect(read((await shared).headers.get('server-timing'))).toMatchObject({ shared: 1, waiting: 0 });
    expect(read((await second).headers.get('server-timing'))['waiting']).toBeGreaterThan(0);
  });

  it('is not sent in production', async () => {
    await using upstream = await startTestUpstream(record());
    await using gateway = await startTestGateway({
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      UPSTREAM_URL: upstream.url,
    });
    expect((await gateway.ask(conference('1'))).headers.has('server-timing')).toBe(false);
  });
});
